// The copy of arguments that the trail keeps. It is made when the event is, before anything outside can see it: a sink
// never holds a secret that was recognised, and what the caller or the handler does to its objects later changes nothing.
// INVARIANT: no value under a secret-looking name occurs in the copy, see "keeps no secret under a secret-looking name".
import type { JsonValue } from "../kernel/json.ts";
import { type CompiledRules, follow, type HashedRules, type OpenPaths } from "./redaction-rules.ts";
import { REDACTED, redactText } from "./secret-text.ts";

export type ArgumentKeeping = "none" | "redacted" | "full";

/** Makes the copy of a value that is kept; undefined for nothing. Never throws. */
export type Redactor = (value: unknown) => JsonValue | undefined;

/** JSON bytes of one copy, at most; less what the marks of what was cut take. */
export const MAX_KEPT_BYTES: number = 16 * 1_024;
const BUDGET = MAX_KEPT_BYTES - 2_048;
const MAX_DEPTH = 32;
const MAX_TEXT = 1_024;
const MAX_KEY = 128;
/** Read beyond what is kept, so that a credential across the cut is recognised. */
const MAX_SCANNED = 2_048;
const MAX_PARSED = 16 * 1_024;

/** Creates the function that copies arguments. */
export function createRedactor(keeping: ArgumentKeeping, rules: CompiledRules): Redactor {
  if (keeping === "none") return () => undefined;
  const walk = new Walk(keeping === "full" ? null : rules);
  return (value) => walk.start(value);
}

class Walk {
  /** null: nothing is taken out. */
  readonly #rules: CompiledRules | null;
  #left = 0;

  constructor(rules: CompiledRules | null) {
    this.#rules = rules;
  }

  start(value: unknown): JsonValue | undefined {
    this.#left = BUDGET;
    try {
      return typeof value === "string" ? this.#root(value) : this.#keep(value, 0, this.#whole());
    } catch {
      // A getter or a proxy of the caller threw. Its message may hold anything.
      return "[unreadable]";
    }
  }

  /** Arguments that were never parsed. Text with members in it that cannot be parsed cannot be redacted for sure. */
  #root(text: string): JsonValue {
    if (this.#rules === null || !text.includes("{")) return this.#text(text);
    const parsed = parse(text);
    return parsed === undefined
      ? `[unparsed text, ${text.length} characters]`
      : (this.#keep(parsed, 0, this.#whole()) ?? null);
  }

  #whole(): Place {
    const rules = this.#rules;
    return rules === null ? NOWHERE : { paths: rules.paths, hashed: rules.hashed?.paths ?? null, isHashed: false };
  }

  /** Undefined for what JSON has no word for. Charges what the value takes as JSON text, a comma included. */
  #keep(value: unknown, depth: number, place: Place): JsonValue | undefined {
    const isText = typeof value === "string" || typeof value === "number" || typeof value === "bigint";
    if (place.isHashed && (isText || typeof value === "boolean")) return this.#hash(String(value));
    if (typeof value === "string") return this.#text(value);
    if (typeof value === "number") return this.#number(value);
    if (typeof value === "bigint") return this.#text(String(value));
    this.#left -= 6;
    if (typeof value === "boolean" || value === null) return value;
    return typeof value === "object" ? this.#container(value, depth, place) : undefined;
  }

  #container(value: object, depth: number, place: Place): JsonValue {
    if (depth >= MAX_DEPTH) return this.#text(`[deeper than ${MAX_DEPTH} levels]`);
    return Array.isArray(value) ? this.#array(value, depth, place) : this.#object(value, depth, place);
  }

  #number(value: number): JsonValue {
    this.#left -= Number.isInteger(value) && value < 1e6 && value > -1e6 ? 8 : 26;
    return Number.isFinite(value) ? value : String(value);
  }

  #array(items: readonly unknown[], depth: number, place: Place): JsonValue {
    const kept: JsonValue[] = [];
    for (let index = 0; index < items.length; index++) {
      if (this.#left <= 0) {
        kept.push(`[cut: ${items.length - index} more items]`);
        break;
      }
      kept.push(this.#step(String(index), items[index], depth, place) ?? null);
    }
    return kept;
  }

  #object(value: object, depth: number, place: Place): JsonValue {
    const special = toSpecialText(value);
    if (special !== null) return place.isHashed ? this.#hash(special) : this.#text(special);
    const kept: Record<string, JsonValue> = {};
    const keys = Object.keys(value);
    for (let index = 0; index < keys.length; index++) {
      if (this.#left <= 0) {
        kept["[cut]"] = `${keys.length - index} more members`;
        break;
      }
      const key = keys[index] as string;
      const shown = this.#key(key);
      const copy = this.#member(key, (value as Record<string, unknown>)[key], depth, place);
      if (copy !== undefined) setOwn(kept, shown, copy);
    }
    return kept;
  }

  #member(key: string, member: unknown, depth: number, place: Place): JsonValue | undefined {
    if (this.#rules === null) return this.#keep(member, depth + 1, place);
    // A rule of the user's that hashes says more than that the name looks secret.
    const isHashed = this.#rules.hashed?.hasName(key) === true;
    if (isHashed) return this.#step(key, member, depth, place.isHashed ? place : { ...place, isHashed: true });
    return this.#isSecret(key, member) ? this.#redacted() : this.#step(key, member, depth, place);
  }

  /** One step down to a member or an item, along the paths that are still open. */
  #step(key: string, value: unknown, depth: number, place: Place): JsonValue | undefined {
    if (place.paths === null && place.hashed === null) return this.#keep(value, depth + 1, place);
    const taken = follow(place.paths, depth, key);
    if (taken.done) return this.#redacted();
    const hashed = follow(place.hashed, depth, key);
    return this.#keep(value, depth + 1, {
      paths: taken.open,
      hashed: hashed.open,
      isHashed: place.isHashed || hashed.done,
    });
  }

  #hash(text: string): string {
    // Places are hashed only where there are rules for it.
    const { toHash } = (this.#rules as CompiledRules).hashed as HashedRules;
    const hash = toHash(text);
    this.#left -= hash.length + 3;
    return hash;
  }

  #isSecret(key: string, member: unknown): boolean {
    if (member === null || member === undefined || typeof member === "boolean") return false;
    const secrecy = (this.#rules as CompiledRules).secrecyOf(key);
    return secrecy === "secret" || (secrecy === "secret-unless-number" && typeof member !== "number");
  }

  #key(key: string): string {
    const shown =
      this.#rules === null || key.length < 16 ? key : redactText(key.slice(0, MAX_SCANNED), this.#rules.secrecyOf);
    const end = this.#take(shown, MAX_KEY);
    this.#left -= 4;
    return end === shown.length ? shown : `${shown.slice(0, end)}…`;
  }

  #text(text: string): string {
    if (this.#rules === null) return this.#cut(text, true, text.length);
    const first = text.charCodeAt(0);
    // Models send objects as JSON text; names in it say more than its characters.
    const parsed = first === 123 || first === 91 ? parse(text) : undefined;
    if (parsed !== undefined) return this.#cut(this.#jsonText(parsed), true, text.length);
    const isWhole = text.length <= MAX_SCANNED;
    return this.#cut(
      redactText(isWhole ? text : text.slice(0, MAX_SCANNED), this.#rules.secrecyOf),
      isWhole,
      text.length,
    );
  }

  #jsonText(parsed: unknown): string {
    // Never the text itself: of a name that occurs twice, parsing saw only the last value.
    return JSON.stringify(new Walk(this.#rules === null ? null : withoutPaths(this.#rules)).start(parsed));
  }

  #cut(shown: string, isWhole: boolean, length: number): string {
    const end = this.#take(shown, MAX_TEXT);
    this.#left -= 3;
    return isWhole && end === shown.length ? shown : `${shown.slice(0, end)}… [cut: ${length} characters]`;
  }

  /** Takes up to `max` characters of `text` out of what is left, and returns how many: all of it is left, at least. */
  #take(text: string, max: number): number {
    const limit = Math.min(text.length, max);
    let end = 0;
    for (; end < limit && this.#left > 0; end++) {
      const code = text.charCodeAt(end);
      // As JSON text: two bytes with a backslash, six for what is escaped by number, three for other letters.
      this.#left -= code >= 127 || code < 32 ? 6 : code === 34 || code === 92 ? 2 : 1;
    }
    return end;
  }

  #redacted(): string {
    this.#left -= REDACTED.length + 3;
    return REDACTED;
  }
}

/** Where in the arguments the walk is, as far as rules go. */
interface Place {
  readonly paths: OpenPaths;
  readonly hashed: OpenPaths;
  /** Whether values here and below are hashed. */
  readonly isHashed: boolean;
}

const NOWHERE: Place = Object.freeze({ paths: null, hashed: null, isHashed: false });

function withoutPaths(rules: CompiledRules): CompiledRules {
  return { ...rules, paths: null, hashed: rules.hashed === null ? null : { ...rules.hashed, paths: null } };
}

function parse(text: string): unknown {
  if (text.length > MAX_PARSED) return undefined;
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === "object" ? parsed : undefined;
  } catch {
    return undefined;
  }
}

/** Values that a schema may make of JSON and that are not JSON; null for an object to be walked. */
function toSpecialText(value: object): string | null {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null) return null;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "[invalid date]" : value.toISOString();
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return `[binary, ${value.byteLength} bytes]`;
  if (value instanceof Map || value instanceof Set) return `[${value instanceof Map ? "map" : "set"} of ${value.size}]`;
  return null;
}

/** `kept.__proto__ = …` would set the prototype, and the member would be gone from the trail. */
function setOwn(kept: Record<string, JsonValue>, key: string, value: JsonValue): void {
  if (key === "__proto__")
    Object.defineProperty(kept, key, { value, enumerable: true, configurable: true, writable: true });
  else kept[key] = value;
}
