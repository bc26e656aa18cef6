// Data of a stranger in this process (a caller's arguments, a handler's output, a schema) to JSON data of our own: what
// is checked afterwards nobody else can change, and nothing in it can run. Bounded in depth and size, never throws.
import type { Issue } from "../../call/issue.ts";
import type { InexactNumber } from "../../kernel/parse-json.ts";
import { describeValue } from "./describe-value.ts";

export interface CopyRules {
  /** How deep objects and arrays may be nested. */
  readonly maxDepth: number;
  /**
   * Instances of classes: refused, or turned into what `JSON.stringify` makes of them (`toJSON`, own members) as long as
   * that loses nothing: a Map, a Set or an Error would come out empty and is refused all the same.
   */
  readonly instances: "refuse" | "convert";
  /** Whether a BigInt is taken as a number. */
  readonly bigints: boolean;
}

export type CopiedJson =
  | { readonly ok: true; readonly value: unknown; readonly inexact: readonly InexactNumber[] }
  | { readonly ok: false; readonly issues: readonly Issue[] };

const MAX_NODES = 1_000_000;
const MAX_ISSUES = 50;
const NONE: readonly InexactNumber[] = Object.freeze([]);

/** Ends a walk that could otherwise go on for too long. */
const STOP = Symbol("stop");

class Copier {
  issues: Issue[] | null = null;
  inexact: InexactNumber[] | null = null;
  /** Keys of the containers on the way, without that of the value itself. */
  readonly #path: (string | number)[] = [];
  readonly #rules: CopyRules;
  #nodes = 0;

  constructor(rules: CopyRules) {
    this.#rules = rules;
  }

  /** A copy of the value that its container holds at `key`; null for the root. */
  copy(value: unknown, key: string | number | null): unknown {
    switch (typeof value) {
      case "string":
      case "boolean":
        return value;
      case "number":
        return Number.isFinite(value) ? value : this.#refuse(key, value, "a number that JSON can hold", null);
      case "object":
        return value === null ? null : this.#container(value, key);
      case "bigint":
        return this.#bigint(value, key);
      case "undefined":
      case "function":
      case "symbol":
      default:
        return this.#refuse(key, value, "JSON data", null);
    }
  }

  #container(value: object, key: string | number | null): unknown {
    const depth = key === null ? 1 : this.#path.length + 2;
    if (depth > this.#rules.maxDepth) {
      this.#refuse(
        key,
        value,
        `at most ${this.#rules.maxDepth} levels of objects and arrays`,
        "flatten it; it may also contain itself",
      );
      throw STOP;
    }
    if (key !== null) this.#path.push(key);
    const copy = Array.isArray(value) ? this.#array(value) : this.#object(value);
    if (key !== null) this.#path.pop();
    return copy;
  }

  #array(source: readonly unknown[]): unknown[] {
    const { length } = source;
    this.#count(length);
    // At its size: an array that grows by `push` has room for 17 from its first item on, in every schema that is kept.
    const copy = new Array<unknown>(length);
    for (let index = 0; index < length; index++) {
      const item = source[index];
      copy[index] = item === undefined ? null : this.copy(item, index);
    }
    return copy;
  }

  #object(source: object): unknown {
    if (this.#rules.instances === "convert" && typeof (source as { toJSON?: unknown }).toJSON === "function") {
      return this.#convert(source as { toJSON(key: string): unknown });
    }
    return this.#members(source);
  }

  #members(source: object): unknown {
    if (!this.#isPlain(source)) {
      const hint =
        this.#rules.instances === "convert" ? "return plain objects, arrays, text and numbers" : "send plain JSON data";
      return this.#refuse(null, source, `JSON data, not an instance of ${nameOfClass(source)}`, hint);
    }
    const keys = Object.keys(source);
    this.#count(keys.length);
    const copy: Record<string, unknown> = {};
    for (const key of keys) {
      const member = (source as Record<string, unknown>)[key];
      if (member === undefined) continue;
      // Assigned to a plain object it would change the prototype; a schema never sees it.
      if (key === "__proto__") this.#refuse(key, member, "another property name", "leave it out");
      else copy[key] = this.copy(member, key);
    }
    return copy;
  }

  /** What `toJSON` gives, once, as in `JSON.stringify`. */
  #convert(source: { toJSON(key: string): unknown }): unknown {
    const converted = source.toJSON(String(this.#path.at(-1) ?? ""));
    if (source instanceof Date && typeof converted !== "string")
      return this.#refuse(null, source, "a valid date", null);
    if (typeof converted !== "object" || converted === null) return this.copy(converted, null);
    return Array.isArray(converted) ? this.#array(converted) : this.#members(converted);
  }

  #isPlain(source: object): boolean {
    const prototype: unknown = Object.getPrototypeOf(source);
    if (prototype === Object.prototype || prototype === null) return true;
    // The second line accepts plain objects of another realm, whose Object.prototype is not ours.
    if (Object.getPrototypeOf(prototype) === null) return true;
    return this.#rules.instances === "convert" && Object.prototype.toString.call(source) === "[object Object]";
  }

  #bigint(value: bigint, key: string | number | null): unknown {
    if (!this.#rules.bigints) return this.#refuse(key, value, "a number, not a BigInt", "turn it into text");
    const double = Number(value);
    if (Number.isSafeInteger(double)) return double;
    this.inexact ??= [];
    const kind = Number.isFinite(double) ? "INTEGER" : "OVERFLOW";
    this.inexact.push({ path: this.#pathTo(key), literal: String(value), kind });
    return double;
  }

  #count(members: number): void {
    this.#nodes += members;
    if (this.#nodes <= MAX_NODES) return;
    this.#refuse(null, undefined, `at most ${MAX_NODES} values`, null);
    throw STOP;
  }

  #pathTo(key: string | number | null): (string | number)[] {
    return key === null ? [...this.#path] : [...this.#path, key];
  }

  #refuse(key: string | number | null, value: unknown, expected: string, hint: string | null): null {
    this.issues ??= [];
    if (this.issues.length >= MAX_ISSUES) throw STOP;
    const message = "is not data that JSON can hold";
    this.issues.push({ path: this.#pathTo(key), message, expected, received: describeReceived(value), hint });
    return null;
  }

  /** A getter, a Proxy or a `toJSON` threw. */
  refuseUnreadable(): void {
    this.issues ??= [];
    const path = [...this.#path];
    this.issues.push({
      path,
      message: "cannot be read",
      expected: "JSON data",
      received: "a value whose reading throws",
      hint: null,
    });
  }
}

function describeReceived(value: unknown): string {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return describeValue(value);
  return Object.getPrototypeOf(value) === Object.prototype ? describeValue(value) : `instance of ${nameOfClass(value)}`;
}

function nameOfClass(value: object): string {
  const constructor: unknown = (value as { constructor?: unknown }).constructor;
  const name = typeof constructor === "function" ? constructor.name : "";
  return name === "" ? "an unnamed class" : name.slice(0, 40);
}

/**
 * Copies JSON data. Refuses, as issues, what JSON cannot hold: functions, symbols, NaN, Infinity, BigInts (unless
 * taken), instances of classes, `__proto__` members, cycles, and what goes beyond the limits (1,000,000 values).
 * Members that are undefined are left out; undefined in an array becomes null.
 */
export function copyJson(value: unknown, rules: CopyRules): CopiedJson {
  const copier = new Copier(rules);
  let copy: unknown;
  try {
    copy = copier.copy(value, null);
  } catch (error) {
    if (error !== STOP) copier.refuseUnreadable();
  }
  if (copier.issues !== null) return { ok: false, issues: copier.issues };
  return { ok: true, value: copy, inexact: copier.inexact ?? NONE };
}
