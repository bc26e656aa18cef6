// Takes members and text out of a tool's output before a model sees it. Copies only what changes; what the caller or a
// cache holds stays as it is.
// INVARIANT: what a path or a pattern takes out is not in what is given back: "shows nothing of what is taken out".
import { follow, type OpenPaths } from "../../audit/redaction-rules.ts";
import { REDACTED } from "../../audit/secret-text.ts";
import { isObject } from "../../kernel/json.ts";
import type { TextRedactor } from "./redact-text.ts";

export interface OutputRules {
  /** Paths from the root of the output; null: none. */
  readonly paths: OpenPaths;
  /** For every text, name and number; null: no patterns. */
  readonly redactText: TextRedactor | null;
}

// Outputs nest up to 512 levels; what a hook put in their place may hold itself.
const MAX_DEPTH = 1_024;
const MAX_NAMES = 1_024;
const UNREADABLE = "[the output cannot be redacted]";

/**
 * `output` with "[redacted]" for what stands at the paths and for each match of the patterns: in texts, in names of
 * members and in numbers as they are written (one that loses digits becomes text). Members whose names become the same
 * are numbered. An output that cannot be read or nests too deep is replaced by a text that says so. Never throws.
 */
export function redactOutput(output: unknown, { paths, redactText }: OutputRules): unknown {
  if (paths === null && redactText === null) return output;
  try {
    return new Walk(redactText).show(output, 0, paths);
  } catch {
    return UNREADABLE;
  }
}

class Walk {
  readonly #redactText: TextRedactor | null;
  /** Rows of a table have the same names. */
  readonly #names = new Map<string, string>();

  constructor(redactText: TextRedactor | null) {
    this.#redactText = redactText;
  }

  /** What is shown of `value`, which stands at `depth`; itself when that is all of it. */
  show(value: unknown, depth: number, paths: OpenPaths): unknown {
    if (typeof value === "object" && value !== null) return this.#container(value, depth, paths);
    if (this.#redactText === null) return value;
    if (typeof value === "string") return this.#redactText(value);
    if (typeof value !== "number" && typeof value !== "bigint") return value;
    const written = String(value);
    const shown = this.#redactText(written);
    return shown === written ? value : shown;
  }

  #container(value: object, depth: number, paths: OpenPaths): unknown {
    if (paths === null && this.#redactText === null) return value;
    if (depth >= MAX_DEPTH) throw new RangeError("nested too deep");
    // What is written as JSON is what has to be looked at: a Date, or whatever a `toJSON` gives.
    if (!isPlain(value)) return this.show(toData(value), depth, paths);
    return Array.isArray(value)
      ? this.#array(value, depth, paths)
      : this.#object(value as Readonly<Record<string, unknown>>, depth, paths);
  }

  #array(items: readonly unknown[], depth: number, paths: OpenPaths): unknown {
    let copy: unknown[] | null = null;
    for (let index = 0; index < items.length; index++) {
      const shown = this.#member(items[index], String(index), depth, paths);
      if (Object.is(shown, items[index])) continue;
      copy ??= [...items];
      copy[index] = shown;
    }
    return copy ?? items;
  }

  #object(members: Readonly<Record<string, unknown>>, depth: number, paths: OpenPaths): unknown {
    const keys = Object.keys(members);
    let copy: MemberCopy | null = null;
    for (let index = 0; index < keys.length; index++) {
      const key = keys[index] as string;
      const name = this.#name(key);
      const shown = this.#member(members[key], key, depth, paths);
      if (copy === null) {
        if (name === key && Object.is(shown, members[key])) continue;
        copy = new MemberCopy();
        for (const before of keys.slice(0, index)) copy.add(before, members[before]);
      }
      copy.add(name, shown);
    }
    return copy?.members ?? members;
  }

  #member(value: unknown, key: string, depth: number, paths: OpenPaths): unknown {
    const below = paths === null ? null : follow(paths, depth, key);
    return below?.done === true ? REDACTED : this.show(value, depth + 1, below?.open ?? null);
  }

  #name(key: string): string {
    if (this.#redactText === null) return key;
    const known = this.#names.get(key);
    if (known !== undefined) return known;
    const name = this.#redactText(key);
    if (this.#names.size < MAX_NAMES) this.#names.set(key, name);
    return name;
  }
}

function isPlain(value: object): boolean {
  if (typeof (value as { toJSON?: unknown }).toJSON === "function") return false;
  if (!isObject(value)) return true;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function toData(value: object): unknown {
  const text = JSON.stringify(value) as string | undefined;
  return text === undefined ? undefined : JSON.parse(text);
}

/** Members under names of their own: two that are redacted to the same name are both kept. */
class MemberCopy {
  readonly members: Record<string, unknown> = {};
  #counts: Map<string, number> | null = null;

  add(name: string, value: unknown): void {
    const key = Object.hasOwn(this.members, name) ? this.#toFree(name) : name;
    // Assigned, `__proto__` would change the prototype and be gone.
    if (key === "__proto__")
      Object.defineProperty(this.members, key, { value, enumerable: true, configurable: true, writable: true });
    else this.members[key] = value;
  }

  #toFree(name: string): string {
    this.#counts ??= new Map();
    let count = this.#counts.get(name) ?? 1;
    let key: string;
    do key = `${name} ${++count}`;
    while (Object.hasOwn(this.members, key));
    this.#counts.set(name, count);
    return key;
  }
}
