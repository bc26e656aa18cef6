// Reads the fields of one declaration: each is checked where it is read, and what is wrong is collected, so that an author
// sees everything at once. A field that is wrong reads as undefined.
import type { Problem } from "../../errors/toolyard-error.ts";
import { findNearest } from "../../kernel/nearest.ts";
import { findHiddenCharacter } from "../hidden-character.ts";
import { describeValue } from "../schema/describe-value.ts";

export interface NumberRule {
  readonly accepts: (value: number) => boolean;
  /** What is accepted, in words. */
  readonly expected: string;
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

  /** A text of 1 to `maxLength` characters, all of which can be seen. */
  text(field: string, maxLength: number): string | undefined {
    const value = this.#fields[field];
    return value !== undefined && this.#isText(field, value, maxLength) ? value : undefined;
  }

  number(field: string, { accepts, expected }: NumberRule): number | undefined {
    const value = this.#fields[field];
    if (value === undefined) return undefined;
    if (typeof value === "number" && accepts(value)) return value;
    this.report(field, `received ${describeValue(value)}, expected ${expected}`);
    return undefined;
  }

  /** An integer of these bounds; `unit` is what it counts, such as "milliseconds". */
  integer(field: string, min: number, max: number, unit?: string): number | undefined {
    const accepts = (value: number): boolean => Number.isSafeInteger(value) && value >= min && value <= max;
    const of = unit === undefined ? "" : ` (${unit})`;
    return this.number(field, { accepts, expected: `an integer from ${toGrouped(min)} to ${toGrouped(max)}${of}` });
  }

  flag(field: string): boolean | undefined {
    const value = this.#fields[field];
    if (value === undefined || typeof value === "boolean") return value;
    this.report(field, `received ${describeValue(value)}, expected true or false`);
    return undefined;
  }

  choice<T extends string>(field: string, choices: readonly T[]): T | undefined {
    const value = this.#fields[field];
    if (value === undefined) return undefined;
    const chosen = choices.find((choice) => choice === value);
    if (chosen !== undefined) return chosen;
    const nearest = typeof value === "string" ? findNearest(value, choices, 1)[0] : undefined;
    const advice = nearest === undefined ? "" : `; did you mean "${nearest}"?`;
    const accepted = choices.map((choice) => `"${choice}"`).join(", ");
    this.report(field, `received ${describeValue(value)}, expected one of ${accepted}${advice}`);
    return undefined;
  }

  /** An array of texts, none of them twice. */
  texts(field: string, maxCount: number, maxLength: number): readonly string[] | undefined {
    const value = this.#fields[field];
    if (value === undefined) return undefined;
    if (!Array.isArray(value) || value.length > maxCount) {
      this.report(field, `received ${describeValue(value)}, expected an array of at most ${maxCount}`);
      return undefined;
    }
    const items: string[] = [];
    for (const [index, item] of (value as readonly unknown[]).entries()) {
      const path = `${field}[${index}]`;
      if (!this.#isText(path, item, maxLength)) continue;
      if (items.includes(item)) this.report(path, `${describeValue(item)} occurs twice`);
      else items.push(item);
    }
    return items;
  }

  /** A reader of other fields, whose problems are this one's. */
  of(fields: Readonly<Record<string, unknown>>): FieldReader {
    return new FieldReader(fields, this.#path, this.#problems);
  }

  /** A reader of the record that is the field `field`, all of whose members are `known`; `example` is one in words. */
  record(field: string, known: readonly string[], example: string): FieldReader | undefined {
    const value = this.#fields[field];
    if (value === undefined) return undefined;
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      this.report(field, `received ${describeValue(value)}, expected an object, such as ${example}`);
      return undefined;
    }
    const inner = new FieldReader(value as Readonly<Record<string, unknown>>, `${this.#path}${field}.`, this.#problems);
    inner.refuseUnknown(known);
    return inner;
  }

  /** Reports what a check of its own found in a field; its paths begin with the field. */
  reportAll(problems: readonly Problem[]): void {
    for (const { path, message } of problems) this.report(path, message);
  }

  #isText(field: string, value: unknown, maxLength: number): value is string {
    const expected = `text of 1 to ${maxLength} characters`;
    if (typeof value !== "string" || value.trim() === "" || value.length > maxLength) {
      const isLong = typeof value === "string" && value.length > maxLength;
      this.report(
        field,
        `received ${isLong ? `${value.length} characters` : describeValue(value)}, expected ${expected}`,
      );
      return false;
    }
    const hidden = findHiddenCharacter(value);
    if (hidden === null) return true;
    this.report(field, `holds a character that cannot be seen, ${hidden}; remove it`);
    return false;
  }
}

function toGrouped(value: number): string {
  return String(value).replaceAll(/\B(?=(\d{3})+$)/g, ",");
}
