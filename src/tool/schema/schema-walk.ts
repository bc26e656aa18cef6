// The walk over the structure of a JSON Schema: every keyword once, every subschema once, problems with their paths. A
// keyword that is known and would not be enforced is a problem; one that JSON Schema does not know is an annotation.
import { findHiddenCharacter } from "../hidden-character.ts";
import { describeValue, quote } from "./describe-value.ts";
import { findForeignKeyword, type Dialect } from "./dialect.ts";
import { isSchema } from "./json-type.ts";
import { checkKeywordPairs } from "./keyword-pairs.ts";
import { KEYWORD_SHAPES, pattern } from "./keyword-shapes.ts";
import type { JsonSchema } from "./schema.ts";
import { LIST, MAP, ONE } from "./subschemas.ts";

export interface SchemaProblem {
  readonly path: readonly (string | number)[];
  /** What was received, what is accepted, and what to do. */
  readonly message: string;
}

export interface SchemaCheckOptions {
  readonly dialect: Dialect;
  /** Whether patterns are going to be run by us, and so have to be accepted by RE2. */
  readonly patterns: boolean;
}

/** A reference found on the walk. */
export interface FoundRef {
  readonly schema: JsonSchema;
  readonly path: readonly (string | number)[];
}

const MAX_DEPTH = 64;
const MAX_SUBSCHEMAS = 5_000;
const MAX_PROBLEMS = 50;

const REFUSED: ReadonlyMap<string, string> = new Map([
  ["$dynamicRef", 'is not supported; write $ref: "#/$defs/…"'],
  ["$dynamicAnchor", "is not supported; leave it out and write $ref where it is referred to"],
  ["$vocabulary", "is not supported; leave it out"],
  ["$async", "is not supported; leave it out"],
]);

export class SchemaWalk {
  readonly problems: SchemaProblem[] = [];
  readonly refs: FoundRef[] = [];
  /** Every schema object that was walked. */
  readonly seen: Set<unknown> = new Set();
  readonly #options: SchemaCheckOptions;
  readonly #path: (string | number)[] = [];
  readonly #anchors: Set<unknown> = new Set();
  #depth = 0;
  #contains = false;
  #full = false;
  #unevaluatedItems: readonly (string | number)[] | null = null;

  constructor(options: SchemaCheckOptions) {
    this.#options = options;
  }

  /** Walks `schema`, which lies at `path`. */
  walk(schema: unknown, path: readonly (string | number)[]): void {
    this.#path.splice(0, this.#path.length, ...path);
    this.#schema(schema);
  }

  /** What only the whole shows. */
  finish(): void {
    if (this.#unevaluatedItems === null || !this.#contains) return;
    this.add(
      this.#unevaluatedItems,
      "cannot be enforced together with contains; write items, or leave one of them out",
    );
  }

  add(path: readonly (string | number)[], message: string): void {
    if (this.problems.length < MAX_PROBLEMS) this.problems.push({ path: [...path], message });
  }

  #report(keyword: string | number, message: string): void {
    this.add([...this.#path, keyword], message);
  }

  #schema(schema: unknown): void {
    if (typeof schema === "boolean") return;
    if (!isSchema(schema)) {
      const remedy = typeof schema === "string" ? `, such as { type: ${quote(schema)} }` : "";
      this.add(this.#path, `received ${describeValue(schema)}, expected a schema: an object${remedy}, true or false`);
      return;
    }
    if (this.seen.has(schema) || !this.#hasRoom()) return;
    this.seen.add(schema);
    this.#depth++;
    for (const keyword of Object.keys(schema)) this.#keyword(keyword, schema[keyword], schema);
    checkKeywordPairs(schema, (keyword, message) => {
      this.#report(keyword, message);
    });
    this.#depth--;
  }

  #hasRoom(): boolean {
    if (this.#depth >= MAX_DEPTH) {
      this.add(this.#path, `schemas are nested more than ${MAX_DEPTH} levels deep; flatten them or use $ref`);
      return false;
    }
    if (this.seen.size < MAX_SUBSCHEMAS) return true;
    if (!this.#full) this.add(this.#path, `there are more than ${MAX_SUBSCHEMAS} subschemas; split the tool`);
    this.#full = true;
    return false;
  }

  #keyword(keyword: string, value: unknown, schema: JsonSchema): void {
    const shape = KEYWORD_SHAPES.get(keyword);
    if (shape !== undefined) {
      const problem = shape(value);
      if (problem !== null) this.#report(keyword, problem);
      if (keyword === "$anchor") this.#anchor(value);
      return;
    }
    const foreign = findForeignKeyword(keyword, this.#options.dialect);
    if (foreign !== undefined) this.#report(keyword, `is no keyword of ${this.#options.dialect}; ${foreign}`);
    else if (ONE.has(keyword)) this.#one(keyword, value);
    else if (LIST.has(keyword)) this.#list(keyword, value);
    else if (MAP.has(keyword)) this.#map(keyword, value);
    else this.#special(keyword, value, schema);
  }

  #special(keyword: string, value: unknown, schema: JsonSchema): void {
    switch (keyword) {
      case "items":
        if (Array.isArray(value) && this.#options.dialect === "draft-07") this.#list(keyword, value);
        else if (Array.isArray(value))
          this.#report(
            keyword,
            'received an array; write prefixItems, or declare draft-07 with $schema: "http://json-schema.org/draft-07/schema#"',
          );
        else this.#one(keyword, value);
        return;
      case "dependencies":
        this.#dependencies(value);
        return;
      case "pattern":
        this.#pattern(keyword, value);
        return;
      case "$ref":
        this.#ref(value, schema);
        return;
      case "$id":
        if (this.#path.length > 0)
          this.#report(keyword, 'is not supported below the root; leave it out and write $ref: "#/$defs/…"');
        return;
      default: {
        const refused = REFUSED.get(keyword);
        if (refused !== undefined) this.#report(keyword, refused);
      }
    }
  }

  #one(keyword: string, value: unknown): void {
    if (keyword === "contains") this.#contains = true;
    if (keyword === "unevaluatedItems") this.#unevaluatedItems ??= [...this.#path, keyword];
    this.#descend(keyword, value);
  }

  #list(keyword: string, value: unknown): void {
    if (!Array.isArray(value) || (value.length === 0 && keyword !== "items")) {
      this.#report(keyword, `received ${describeValue(value)}, expected an array of at least one schema`);
      return;
    }
    this.#path.push(keyword);
    for (const [index, item] of value.entries()) this.#descend(index, item);
    this.#path.pop();
  }

  #map(keyword: string, value: unknown): void {
    if (!isSchema(value)) {
      this.#report(keyword, `received ${describeValue(value)}, expected an object of schemas by name`);
      return;
    }
    this.#path.push(keyword);
    for (const name of Object.keys(value)) {
      if (keyword === "patternProperties") this.#pattern(name, name);
      const hidden = findHiddenCharacter(name);
      if (hidden !== null) this.#report(name, `is a name with a character that cannot be seen, ${hidden}; remove it`);
      this.#descend(name, value[name]);
    }
    this.#path.pop();
  }

  #dependencies(value: unknown): void {
    if (!isSchema(value)) {
      this.#report("dependencies", `received ${describeValue(value)}, expected an object`);
      return;
    }
    this.#path.push("dependencies");
    for (const name of Object.keys(value)) {
      const problem = Array.isArray(value[name]) ? (KEYWORD_SHAPES.get("required")?.(value[name]) ?? null) : null;
      if (problem !== null) this.#report(name, problem);
      if (!Array.isArray(value[name])) this.#descend(name, value[name]);
    }
    this.#path.pop();
  }

  #pattern(keyword: string, value: unknown): void {
    if (!this.#options.patterns && typeof value === "string") return;
    const problem = pattern(value);
    if (problem !== null) this.#report(keyword, problem);
  }

  #ref(value: unknown, schema: JsonSchema): void {
    if (typeof value !== "string") this.#report("$ref", `received ${describeValue(value)}, expected a string`);
    else if (!value.startsWith("#"))
      this.#report(
        "$ref",
        `received ${quote(value)}; only references within the schema are followed: copy the target to $defs and write "#/$defs/…"`,
      );
    else this.refs.push({ schema, path: [...this.#path, "$ref"] });
  }

  #anchor(value: unknown): void {
    if (this.#anchors.has(value))
      this.#report("$anchor", `${describeValue(value)} is the name of another schema already; choose another`);
    this.#anchors.add(value);
  }

  #descend(key: string | number, value: unknown): void {
    this.#path.push(key);
    this.#schema(value);
    this.#path.pop();
  }
}
