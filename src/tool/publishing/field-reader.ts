// Reads the fields of one declaration: each is checked where it is read, and what is wrong is collected, so that an author
// sees everything at once. A field that is wrong reads as undefined.
import type { Problem } from "../../errors/toolyard-error.ts";
import { isObject } from "../../kernel/json.ts";
import { findNearest } from "../../kernel/nearest.ts";
import { findHiddenCharacter } from "../hidden-character.ts";
import { describeValue } from "../schema/describe-value.ts";

export interface NumberRule {
  readonly accepts: (value: number) => boolean;
  /** What is accepted, in words. */
  readonly expected: string;
}

export interface TextRule {
  readonly maxLength: number;
  /** Whether the empty text is accepted. @default false */
  readonly mayBeEmpty?: boolean;
}

export class FieldReader {
  readonly #fields: Readonly<Record<string, unknown>>;
  readonly #path: string;
  readonly #problems: Problem[];

  /** @param path what stands before the name of a field in the path of its problem */
  constructor(fields: Readonly<Record<string, unknown>>, path: string, problems: Problem[]) {
    this.#fields = fields;
    this.#path = path;
    this.#problems = problems;
  }

  report(field: string, message: string): void {
    this.#problems.push({ path: `${this.#path}${field}`, message });
  }

  /** Reports the fields that are none of `known`; `synonyms` are what other libraries call them. */
  refuseUnknown(known: readonly string[], synonyms: ReadonlyMap<string, string> = new Map()): void {
    for (const field of Object.keys(this.#fields)) {
      if (known.includes(field)) continue;
      const nearest = synonyms.get(field) ?? findNearest(field, known, 1)[0];
      const advice = nearest === undefined ? `; known are ${known.join(", ")}` : `; did you mean ${nearest}?`;
      this.report(field, `is not a known field${advice}`);
    }
  }

  has(field: string): boolean {
    return this.#fields[field] !== undefined;
  }

  text(field: string, { maxLength, mayBeEmpty = false }: TextRule): string | undefined {
    const value = this.#fields[field];
    if (value === undefined) return undefined;
    return this.#isText(field, value, maxLength, mayBeEmpty) ? value : undefined;
  }

  number(field: string, { accepts, expected }: NumberRule): number | undefined {
    const value = this.#fields[field];
    if (value === undefined) return undefined;
    if (typeof value === "number" && accepts(value)) return value;
    this.report(field, `received ${describeValue(value)}, expected ${expected}`);
    return undefined;
  }

  flag(field: string): boolean | undefined {
    const value = this.#fields[field];
    if (value === undefined || typeof value === "boolean") return value;
    this.report(field, `received ${describeValue(value)}, expected true or false`);
    return undefined;
  }

  choice<T extends string>(field: string, choices: readonly T[]): T | undefined {
    const value = this.#fields[field];
    return value === undefined ? undefined : this.#choose(field, value, choices);
  }

  /** An array of `choices`, none of them twice. */
  choices<T extends string>(field: string, choices: readonly T[]): readonly T[] | undefined {
    return this.#list(field, choices.length, (path, item) => this.#choose(path, item, choices));
  }

  /** An array of texts, none of them twice. */
  texts(field: string, maxCount: number, maxLength: number): readonly string[] | undefined {
    return this.#list(field, maxCount, (path, item) => (this.#isText(path, item, maxLength, false) ? item : undefined));
  }

  /** A reader of the record that is the field `field`. */
  inside(field: string, record: Readonly<Record<string, unknown>>): FieldReader {
    return new FieldReader(record, `${this.#path}${field}.`, this.#problems);
  }

  /** An array of records, each read by `read`; null when it is wrong. */
  records<T>(field: string, maxCount: number, read: (reader: FieldReader) => T | null): readonly T[] | undefined {
    return this.#list(field, maxCount, (path, item) => {
      if (isObject(item)) return read(this.inside(path, item)) ?? undefined;
      this.report(path, `received ${describeValue(item)}, expected an object`);
      return undefined;
    });
  }

  #list<T>(field: string, maxCount: number, read: (path: string, item: unknown) => T | undefined): readonly T[] | undefined {
    const value = this.#fields[field];
    if (value === undefined) return undefined;
    if (!Array.isArray(value) || value.length > maxCount) {
      this.report(field, `received ${describeValue(value)}, expected an array of at most ${maxCount}`);
      return undefined;
    }
    const items: T[] = [];
    for (const [index, item] of (value as readonly unknown[]).entries()) {
      const path = `${field}[${index}]`;
      const one = read(path, item);
      if (one === undefined) continue;
      if (items.includes(one)) this.report(path, `${describeValue(one)} occurs twice`);
      else items.push(one);
    }
    return items;
  }

  #choose<T extends string>(field: string, value: unknown, choices: readonly T[]): T | undefined {
    const chosen = choices.find((choice) => choice === value);
    if (chosen !== undefined) return chosen;
    const nearest = typeof value === "string" ? findNearest(value, choices, 1)[0] : undefined;
    const advice = nearest === undefined ? "" : `; did you mean "${nearest}"?`;
    this.report(field, `received ${describeValue(value)}, expected one of ${choices.map((choice) => `"${choice}"`).join(", ")}${advice}`);
    return undefined;
  }

  #isText(field: string, value: unknown, maxLength: number, mayBeEmpty: boolean): value is string {
    const min = mayBeEmpty ? 0 : 1;
    const expected = `text of ${min} to ${maxLength} characters`;
    if (typeof value !== "string") {
      this.report(field, `received ${describeValue(value)}, expected ${expected}`);
      return false;
    }
    if (value.length > maxLength || value.trim().length < min) {
      this.report(field, `received ${value.length > maxLength ? `${value.length} characters` : describeValue(value)}, expected ${expected}`);
      return false;
    }
    const hidden = findHiddenCharacter(value);
    if (hidden === null) return true;
    this.report(field, `holds a character that cannot be seen, ${hidden}; remove it`);
    return false;
  }
}
