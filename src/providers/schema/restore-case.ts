// Constants in the case that the tool's schema has them in, for providers that do not promise it: `eur` becomes `EUR`
// where nothing else can be meant. Works on copies; what is not changed is shared with the input.
// INVARIANT: changes only what the compiled schema refuses for sure, so that no valid value is ever another one:
// "never changes a value that is valid" in restore-case.test.ts.
import { isSameText, Matcher } from "./matches.ts";
import type { Plan, SchemaObject } from "./plan.ts";
import { SourceNumber } from "./source-number.ts";

/** Deeper than any arguments that are accepted. */
const MAX_DEPTH = 128;

/** `value`, of the compiled schema `root`, by `plan`; the same reference when nothing is to be changed. */
export function restoreCase(value: unknown, plan: Plan, root: SchemaObject): unknown {
  return new CaseRestorer(root).restore(value, [plan], 0);
}

class CaseRestorer {
  readonly #matcher: Matcher;

  constructor(root: SchemaObject) {
    this.#matcher = new Matcher(root, true);
  }

  /** By all of `plans` at once, each of which every valid value follows. */
  restore(value: unknown, plans: readonly Plan[], depth: number): unknown {
    if (plans.length === 0 || depth > MAX_DEPTH) return value;
    const leaves: Plan[] = [];
    for (const plan of plans) this.#collect(plan, value, leaves, 0);
    if (leaves.length === 0) return value;
    if (typeof value === "string") return toConstant(value, leaves);
    if (Array.isArray(value)) return this.#restoreItems(value, leaves, depth);
    if (typeof value !== "object" || value === null || value instanceof SourceNumber) return value;
    return this.#restoreMembers(value as Record<string, unknown>, leaves, depth);
  }

  /** The plans for `value` itself, at the end of references and in the alternative it belongs to. */
  #collect(plan: Plan, value: unknown, leaves: Plan[], hops: number): void {
    if (hops > MAX_DEPTH || plan.isConditional === true) return;
    const next = [plan.target?.plan, ...(plan.parts ?? []), this.#findBranch(plan, value)];
    for (const one of next) if (one) this.#collect(one, value, leaves, hops + 1);
    if (plan.texts !== undefined || plan.members !== undefined || plan.prefix !== undefined) leaves.push(plan);
  }

  /** The only alternative that can be meant, whatever the case of the constants. */
  #findBranch({ branches = [] }: Plan, value: unknown): Plan | null {
    const fitting = branches.filter(({ schema }) => this.#matcher.matches(schema, value));
    return fitting.length === 1 ? (fitting[0]?.plan ?? null) : null;
  }

  #restoreItems(items: readonly unknown[], leaves: readonly Plan[], depth: number): unknown {
    let copy: unknown[] | null = null;
    for (const [index, item] of items.entries()) {
      const plans = leaves.flatMap(
        ({ prefix = [], items: rest }) => (index < prefix.length ? prefix[index] : rest) ?? [],
      );
      const restored = this.restore(item, plans, depth + 1);
      if (restored === item) continue;
      copy ??= [...items];
      copy[index] = restored;
    }
    return copy ?? items;
  }

  #restoreMembers(value: Record<string, unknown>, leaves: readonly Plan[], depth: number): unknown {
    let isChanged = false;
    const entries = Object.keys(value).map((name): [string, unknown] => {
      const plans = leaves.flatMap(
        ({ names, members, rest }) => members?.get(name) ?? (names?.has(name) === true ? null : rest) ?? [],
      );
      const restored = this.restore(value[name], plans, depth + 1);
      if (restored !== value[name]) isChanged = true;
      return [name, restored];
    });
    // From entries, so that a member named `__proto__` stays one.
    return isChanged ? Object.fromEntries(entries) : value;
  }
}

/** The constant that `text` stands for; `text` itself when it is one, or could be none or several. */
function toConstant(text: string, leaves: readonly Plan[]): string {
  const meant = new Set<string>();
  for (const { texts } of leaves) {
    if (texts === undefined) continue;
    const found = texts.filter((one) => isSameText(one, text));
    if (found.length !== 1) return text;
    for (const one of found) meant.add(one);
  }
  const [only] = meant;
  return meant.size === 1 && only !== undefined ? only : text;
}
