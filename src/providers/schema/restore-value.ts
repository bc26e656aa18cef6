// The way back through a value: takes out the nulls that stand for what was left out, and gives properties their own names.
// Works on copies; what is not changed is shared with the input.
import { Matcher } from "./matches.ts";
import type { Branch, Plan, SchemaObject } from "./plan.ts";
import { SourceNumber } from "./source-number.ts";

/** Deeper than any arguments that are accepted. */
const MAX_DEPTH = 128;

/** `value`, of the compiled schema `root`, by `plan`; the same reference when nothing is to be changed. */
export function restoreValue(value: unknown, plan: Plan, root: SchemaObject, hasDrops: boolean): unknown {
  return new Restorer(root, hasDrops).restore(value, [plan], 0);
}

class Restorer {
  readonly #matcher: Matcher;
  readonly #hasDrops: boolean;

  constructor(root: SchemaObject, hasDrops: boolean) {
    this.#matcher = new Matcher(root);
    this.#hasDrops = hasDrops;
  }

  /** By all of `plans` at once, which all speak of the value as it was sent. */
  restore(value: unknown, plans: readonly Plan[], depth: number): unknown {
    if (plans.length === 0 || depth > MAX_DEPTH || !isContainer(value)) return value;
    const leaves: Plan[] = [];
    for (const plan of plans) this.#collect(plan, value, leaves, 0);
    if (leaves.length === 0) return value;
    return Array.isArray(value)
      ? this.#restoreItems(value, leaves, depth)
      : this.#restoreMembers(value as Record<string, unknown>, leaves, depth);
  }

  /** The plans for `value` itself, at the end of references and in the alternatives it may belong to. */
  #collect(plan: Plan, value: object, leaves: Plan[], hops: number): void {
    if (hops > MAX_DEPTH) return;
    const next: (Plan | null | undefined)[] = [plan.target?.plan, ...(plan.parts ?? [])];
    if (plan.branches !== undefined) next.push(...this.#toBranches(plan.branches, value).map((branch) => branch.plan));
    for (const one of next) if (one) this.#collect(one, value, leaves, hops + 1);
    if (plan.members !== undefined || plan.prefix !== undefined) leaves.push(plan);
  }

  /** The alternatives to follow. */
  #toBranches(branches: readonly Branch[], value: object): readonly Branch[] {
    // Names are the same in all of them, but one that is open may not know of them.
    if (!this.#hasDrops) return branches;
    // INVARIANT: where nulls are taken out, all that fit agree (`conflicts.ts`).
    return branches.filter(({ schema }) => this.#matcher.matches(schema, value)).slice(0, 1);
  }

  #restoreItems(items: readonly unknown[], leaves: readonly Plan[], depth: number): unknown {
    let copy: unknown[] | null = null;
    for (const [index, item] of items.entries()) {
      const plans = leaves.flatMap(({ prefix = [], items: rest }) =>
        toList(index < prefix.length ? prefix[index] : rest),
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
    const entries: [string, unknown][] = [];
    for (const name of Object.keys(value)) {
      const member = value[name];
      const isDropped = member === null && leaves.some(({ drops }) => drops?.has(name) === true);
      const plans = leaves.flatMap((leaf) => toMemberPlan(leaf, name));
      const restored = isDropped ? null : this.restore(member, plans, depth + 1);
      const own = leaves.find(({ renames }) => renames?.has(name) === true)?.renames?.get(name) ?? name;
      if (isDropped || restored !== member || own !== name) isChanged = true;
      if (!isDropped) entries.push([own, restored]);
    }
    // From entries, so that a member named `__proto__` stays one.
    return isChanged ? Object.fromEntries(entries) : value;
  }
}

function isContainer(value: unknown): value is object {
  return typeof value === "object" && value !== null && !(value instanceof SourceNumber);
}

function toList(plan: Plan | null | undefined): readonly Plan[] {
  return plan ? [plan] : [];
}

function toMemberPlan({ names, members, rest }: Plan, name: string): readonly Plan[] {
  return toList(members?.get(name) ?? (names?.has(name) === true ? null : rest));
}
