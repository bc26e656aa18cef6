// The way back, as data: which nulls stand for what was left out, which properties were sent under another name, and which
// constants may come in another case. It has the shape of the compiled schema and is walked together with a value
// (`restore-value.ts`, `restore-case.ts`).

export type SchemaObject = Readonly<Record<string, unknown>>;

export interface Branch {
  /** Compiled: tells whether a value belongs here. */
  readonly schema: SchemaObject;
  readonly plan: Plan | null;
}

export interface Plan {
  /** Properties whose null stands for nothing. */
  readonly drops?: ReadonlySet<string>;
  /** Name that is sent → the tool's own name. */
  readonly renames?: ReadonlyMap<string, string>;
  /** What `rest` does not speak of: the properties that are named, by the name that is sent. */
  readonly names?: ReadonlySet<string>;
  /** By the name that is sent. */
  readonly members?: ReadonlyMap<string, Plan>;
  /** Of members that are not named. */
  readonly rest?: Plan | null;
  readonly prefix?: readonly (Plan | null)[];
  readonly items?: Plan | null;
  /** Alternatives, of which a value belongs to one. */
  readonly branches?: readonly Branch[];
  /** Further schemas for the same value. */
  readonly parts?: readonly Plan[];
  /** The texts that a value, as a text, can be. */
  readonly texts?: readonly string[];
  /** Whether a value may be valid without the schema of this plan: it stands under a condition. */
  readonly isConditional?: true;
  /** Where a reference leads; its plan is there once everything is compiled. */
  readonly target?: PlanHolder;
}

export interface PlanHolder {
  plan: Plan | null;
  /** Whether what was compiled accepts more than what it was made of. */
  isLossy: boolean;
}

/** One plan for all that is said of a value; null when there is nothing to do. */
export function joinPlans(plans: readonly (Plan | null | undefined)[]): Plan | null {
  const found = plans.filter((plan): plan is Plan => plan !== null && plan !== undefined);
  const [only] = found;
  if (only === undefined) return null;
  return found.length === 1 ? only : { parts: found };
}

/** What there is to do in an object; null when there is nothing. */
export function toObjectPlan(
  plan: Required<Pick<Plan, "drops" | "renames" | "names" | "members" | "rest">>,
): Plan | null {
  const { drops, renames, names, members, rest } = plan;
  if (drops.size === 0 && renames.size === 0 && members.size === 0 && rest === null) return null;
  return rest === null ? { drops, renames, members } : { drops, renames, members, rest, names };
}

/** What there is to do in an array; null when there is nothing. */
export function toArrayPlan(prefix: readonly (Plan | null)[], items: Plan | null): Plan | null {
  return items === null && prefix.every((plan) => plan === null) ? null : { prefix, items };
}

/** Names that were replaced in what is said of an object, by the names that are sent; null when there are none. */
export function toRenamePlan(renames: ReadonlyMap<string, string>): Plan | null {
  return renames.size === 0 ? null : { renames, members: new Map() };
}

/** What there is to do where a schema applies to some values only: names are the same whether or not it does. */
export function toConditionalPlan(plan: Plan | null): Plan | null {
  return plan === null ? null : { parts: [plan], isConditional: true };
}
