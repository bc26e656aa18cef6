// A text that does not print: whatever writes it out by accident (a log, a template, JSON, `console.log`) writes a mark
// instead. Who needs the text says so with `reveal()`, which is what a review looks for.

/** What stands in place of the text. */
const SECRET_MARK = "[secret]";

export interface SecretText {
  /** The text itself. Hand it on at once; keep it nowhere. */
  reveal(): string;
  /** `[secret]`, as every other way of turning it into text gives. */
  toString(): string;
  toJSON(): string;
}

/** Holds `text`. */
export function createSecretText(text: string): SecretText {
  return new HeldText(text);
}

/** Whether `value` was made by `createSecretText`. */
export function isSecretText(value: unknown): value is SecretText {
  return value instanceof HeldText;
}

class HeldText implements SecretText {
  // Private to the class, so that no reflection, copy or serialisation sees it.
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
    Object.freeze(this);
  }

  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return SECRET_MARK;
  }

  toJSON(): string {
    return SECRET_MARK;
  }

  [Symbol.toPrimitive](): string {
    return SECRET_MARK;
  }

  // What `util.inspect` asks for, and with it `console.log` (https://nodejs.org/api/util.html#utilinspectcustom).
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return SECRET_MARK;
  }
}
