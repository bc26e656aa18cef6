// A grant: a rule that lets principals use tools, or keeps them out.
import type { Principal } from "../call/principal.ts";
import type { ToolVersion } from "../tool/tool-version.ts";

/**
 * Looks at the validated arguments of a call and answers at once with true (the grant applies) or false. Whatever else
 * it does (throwing, a promise, another value) refuses: an allowing grant then does not allow, a denying one denies.
 */
export type Condition = (
  input: unknown,
  request: { readonly principal: Principal; readonly tool: ToolVersion },
) => boolean;

/** All fields have to fit (AND); of the values in one field, one has to (OR). A field left out fits everybody. */
export interface Grant {
  /** Shown by `explain`; `grants.remove` takes it. 1 to 128 characters. @default "#1", "#2", … */
  readonly name?: string;
  /** A deny wins over every allow, in whatever order they were added. @default "allow" */
  readonly effect?: "allow" | "deny";
  /** Names, or patterns: `orders.*` is everything below `orders` at any depth, `*` is every tool. At least one. */
  readonly tools: readonly string[];
  /** Holders of any of these, inherited ones included. So a deny for GUEST keeps USER and ADMIN out as well. */
  readonly roles?: readonly string[];
  /** Principals by id. */
  readonly principals?: readonly string[];
  /** Principals that hold all of these. Unlike a definition's, a missing scope does not make the tool visible. */
  readonly scopes?: readonly string[];
  readonly tenants?: readonly string[];
  /** Makes the grant depend on the arguments: the tool stays visible, and is decided once they are known. */
  readonly when?: Condition;
}
