// A call as it stands in a response of a model, before its name is looked up.

export interface RawCall<WireCall> {
  readonly id: string;
  readonly name: string;
  readonly input: unknown;
  /** Why it can only be refused. */
  readonly problem: string | null;
  /** Whether it is the provider's own form of a search for deferred tools. */
  readonly isSearch?: boolean;
  /** Whether the model gave none, so that the id is one for this response alone. */
  readonly isIdMadeUp?: boolean;
  readonly wire: WireCall;
}

/** What came, for an error: `null`, `a string`, `an object with id, model`. */
export function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value !== "object") return `a ${typeof value}`;
  const keys = Object.keys(value).slice(0, 8);
  return keys.length === 0 ? "an empty object" : `an object with ${keys.join(", ")}`;
}

/** The model's text as it is; a compatible server may leave it out or send something else. */
export function toText(value: unknown): string {
  return typeof value === "string" ? value : "";
}
