// Numbers that a double cannot hold, on their way through coercion and validation. In the tree of arguments an
// `ExactNumber` stands where such a number was sent; it never reaches a validator or a handler.
import { toBigInt } from "../../kernel/exact-number.ts";
import type { InexactNumber } from "../../kernel/parse-json.ts";

export type ExactMode = "bigint" | "text";

/** A number as it was sent. */
export class ExactNumber {
  readonly literal: string;
  readonly kind: InexactNumber["kind"];

  constructor(literal: string, kind: InexactNumber["kind"]) {
    this.literal = literal;
    this.kind = kind;
  }

  get isInteger(): boolean {
    return Number.isInteger(this.standIn);
  }

  /** The finite double nearest to it, not 0: what `minimum`, `exclusiveMinimum` and `type` are judged on. */
  get standIn(): number {
    if (this.kind === "INTEGER") return Number(this.literal);
    const magnitude = this.kind === "OVERFLOW" ? Number.MAX_VALUE : Number.MIN_VALUE;
    return this.literal.startsWith("-") ? -magnitude : magnitude;
  }

  /** What the handler gets; null when it has no such form (a BigInt of a fraction, or of more than 1,000 digits). */
  toExact(mode: ExactMode): bigint | string | null {
    return mode === "text" ? this.literal : toBigInt(this.literal);
  }
}

/** Puts an `ExactNumber` where each inexact number is. Changes `value` in place; returns it, or the root's own. */
export function markExact(value: unknown, inexact: readonly InexactNumber[]): unknown {
  let root = value;
  for (const { path, literal, kind } of inexact) {
    const marker = new ExactNumber(literal, kind);
    const last = path.at(-1);
    if (last === undefined) {
      root = marker;
      continue;
    }
    let parent = root as Record<string | number, unknown>;
    for (let index = 0; index < path.length - 1; index++) {
      parent = parent[path[index] as string | number] as Record<string | number, unknown>;
    }
    parent[last] = marker;
  }
  return root;
}

type Path = readonly (string | number)[];

/** `value` with each `ExactNumber` replaced; what holds none is shared with `value`. */
export function replaceExact(value: unknown, replace: (number: ExactNumber, path: Path) => unknown): unknown {
  return replaceAt(value, [], replace);
}

function replaceAt(
  value: unknown,
  path: (string | number)[],
  replace: (number: ExactNumber, path: Path) => unknown,
): unknown {
  if (value instanceof ExactNumber) return replace(value, path);
  if (typeof value !== "object" || value === null) return value;
  let copy: Record<string | number, unknown> | null = null;
  const source = value as Record<string | number, unknown>;
  const keys: Iterable<string | number> = Array.isArray(value) ? value.keys() : Object.keys(value);
  for (const key of keys) {
    path.push(key);
    const replaced = replaceAt(source[key], path, replace);
    path.pop();
    if (replaced === source[key]) continue;
    copy ??= (Array.isArray(value) ? [...(value as unknown[])] : { ...source }) as Record<string | number, unknown>;
    copy[key] = replaced;
  }
  return copy ?? value;
}

/** Whether `value` holds an `ExactNumber`. */
export function hasExact(value: unknown): boolean {
  if (value instanceof ExactNumber) return true;
  if (typeof value !== "object" || value === null) return false;
  for (const member of Object.values(value)) if (hasExact(member)) return true;
  return false;
}
