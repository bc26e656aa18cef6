// What was decided for one principal and one tool. Prebuilt per rule and frozen, so that deciding allocates nothing.

export type Decision = {
  /** `conditional`: it depends on the arguments, which are not known yet. */
  readonly allowed: "yes" | "conditional" | "no";
  // INVARIANT: not "no" implies visible: "lets nobody call what they cannot see" in authz.property.test.ts.
  /** Whether the tool may be listed, found and described. */
  readonly visible: boolean;
  /**
   * What decided: `grant "support-reads"`, `definition of orders.get`, `permissions of orders.get`,
   * `default: admins only`, `default deny` or `authorizer`.
   */
  readonly rule: string;
  /** One sentence for the caller: no secret, no rule's name, no other principal. */
  readonly reason: string;
};

/** Allowed, and so visible. */
export function toAllowed(allowed: "yes" | "conditional", rule: string, reason: string): Decision {
  return Object.freeze({ allowed, visible: true, rule, reason });
}

/** Not allowed; `visible` says whether the tool may still be seen. */
export function toRefused(visible: boolean, rule: string, reason: string): Decision {
  return Object.freeze({ allowed: "no", visible, rule, reason });
}
