// Where a schema says something to its readers: every title, description, default, example and unknown keyword, by the place
// in a value that it speaks of. Where it is written, in a definition or in place, makes no difference to a reader.
import { isObject } from "../../../kernel/json.ts";
import { toCanonicalJson } from "../../../kernel/canonical-json.ts";
import { findHiddenCharacter } from "../../hidden-character.ts";
import { isSchema } from "../../schema/json-type.ts";
import { toModernForm, toNames } from "../../schema/modern-form.ts";
import type { JsonSchema } from "../../schema/schema.ts";
import { toPointerToken } from "../contract-change.ts";
import { isText } from "./annotations.ts";
import type { SchemaDocument } from "./document.ts";

export interface TextPlace {
  /** The place in a value, whichever alternative it is of. */
  readonly base: string;
  /** Where the first schema of the place is written. */
  readonly pointer: string;
  /** What is said there, by keyword. */
  readonly texts: Map<string, unknown[]>;
}

export interface TextPlaces {
  readonly places: ReadonlyMap<string, TextPlace>;
  /** Whether these are all: references that double at each step are not followed for ever. */
  readonly isWhole: boolean;
}

const MAX_VISITS = 10_000;
const MAX_DEPTH = 64;
const MAX_SIGNATURE = 200;
/** Names and listed values of so many words are read as a text. */
const PROSE_WORDS = 5;

const SAME_PLACE = ["not", "if", "then", "else"] as const;
const OF_MEMBERS = [
  ...["additionalProperties", "propertyNames", "unevaluatedProperties"],
  ...["items", "contains", "unevaluatedItems", "contentSchema"],
];
const MAPS = ["properties", "patternProperties"] as const;

/** The places of `document` at which anything may be said. */
export function collectTexts(document: SchemaDocument): TextPlaces {
  const walk = new TextWalk(document);
  walk.visit(document.root, { key: "", base: "", pointer: "" });
  walk.visitDefinitions();
  return { places: walk.places, isWhole: walk.isWhole };
}

/** Everything that `root` says to readers, wherever it is written, each with its keyword. */
export function collectAllTexts(root: JsonSchema): readonly unknown[] {
  const texts: unknown[] = [];
  const open: unknown[] = [root];
  while (open.length > 0) {
    const next = open.pop();
    if (isProse(next)) texts.push(next);
    if (Array.isArray(next)) for (const item of next) open.push(item);
    if (!isObject(next)) continue;
    for (const [keyword, value] of Object.entries(next)) {
      // A member of this name, a schema or not, is walked as well: that says more than is needed, in both.
      if (isText(keyword) && !isSchema(value)) texts.push({ [keyword]: value });
      else open.push(value);
      if (isProse(keyword)) texts.push(keyword);
    }
  }
  return texts;
}

interface At {
  readonly key: string;
  readonly base: string;
  readonly pointer: string;
}

class TextWalk {
  readonly places: Map<string, TextPlace> = new Map();
  isWhole = true;
  readonly #document: SchemaDocument;
  readonly #open: Set<JsonSchema> = new Set();
  readonly #reached: Set<JsonSchema> = new Set();
  #visits = 0;

  constructor(document: SchemaDocument) {
    this.#document = document;
  }

  /** Definitions that nothing refers to are published too. */
  visitDefinitions(): void {
    for (const keyword of ["$defs", "definitions"]) {
      const definitions = this.#document.root[keyword];
      if (!isObject(definitions)) continue;
      for (const [name, schema] of Object.entries(definitions)) {
        const pointer = `/${keyword}${toPointerToken(name)}`;
        const at = { key: pointer, base: pointer, pointer };
        if (isProse(name)) this.#say("name", name, this.#toPlace({ key: keyword, base: keyword, pointer }));
        if (isSchema(schema) && !this.#reached.has(schema)) this.visit(schema, at);
      }
    }
  }

  visit(given: unknown, at: At): void {
    if (!isSchema(given) || this.#open.has(given)) return;
    if (++this.#visits > MAX_VISITS || this.#open.size > MAX_DEPTH) {
      this.isWhole = false;
      return;
    }
    this.#open.add(given);
    this.#reached.add(given);
    const schema = toModernForm(given);
    this.#collect(schema, this.#toPlace(at));
    this.#visitSamePlace(schema, at);
    this.#visitOthers(schema, at);
    this.#open.delete(given);
  }

  #toPlace({ key, base, pointer }: At): TextPlace {
    let place = this.places.get(key);
    if (place === undefined) this.places.set(key, (place = { base, pointer, texts: new Map() }));
    return place;
  }

  #say(keyword: string, value: unknown, { texts }: TextPlace): void {
    const said = texts.get(keyword);
    if (said === undefined) texts.set(keyword, [value]);
    else said.push(value);
  }

  #collect(schema: JsonSchema, place: TextPlace): void {
    for (const [keyword, value] of Object.entries(schema)) if (isText(keyword)) this.#say(keyword, value, place);
    const listed: unknown = schema["enum"];
    const values: readonly unknown[] = Array.isArray(listed) ? listed : [schema["const"]];
    for (const value of values) if (isProse(value)) this.#say("enum", value, place);
  }

  #visitSamePlace(schema: JsonSchema, at: At): void {
    const { $ref, allOf, anyOf, oneOf, dependentSchemas } = schema;
    if (typeof $ref === "string")
      this.visit(this.#document.resolve($ref), { ...at, pointer: $ref.startsWith("#/") ? $ref.slice(1) : at.pointer });
    for (const keyword of SAME_PLACE) this.visit(schema[keyword], { ...at, pointer: `${at.pointer}/${keyword}` });
    if (Array.isArray(allOf))
      allOf.forEach((part, index) => {
        this.visit(part, { ...at, pointer: `${at.pointer}/allOf/${index}` });
      });
    if (Array.isArray(anyOf)) this.#visitBranches(anyOf, "anyOf", at);
    if (Array.isArray(oneOf)) this.#visitBranches(oneOf, "oneOf", at);
    if (isObject(dependentSchemas))
      for (const [name, part] of Object.entries(dependentSchemas))
        this.visit(part, { ...at, pointer: `${at.pointer}/dependentSchemas${toPointerToken(name)}` });
  }

  /** What is said of one alternative is not said of the other, so each is a place of its own, wherever it stands. */
  #visitBranches(branches: readonly unknown[], keyword: string, at: At): void {
    branches.forEach((branch, index) => {
      const key = branches.length === 1 ? at.key : `${at.key}|${this.#toSignature(branch)}`;
      this.visit(branch, { ...at, key, pointer: `${at.pointer}/${keyword}/${index}` });
    });
  }

  #visitOthers(schema: JsonSchema, at: At): void {
    const below = (token: string): At => ({
      key: `${at.key}${token}`,
      base: `${at.base}${token}`,
      pointer: `${at.pointer}${token}`,
    });
    for (const keyword of MAPS) {
      const map = schema[keyword];
      if (!isObject(map)) continue;
      for (const [name, part] of Object.entries(map)) {
        const place = below(`/${keyword}${toPointerToken(name)}`);
        if (isProse(name)) this.#say("name", name, this.#toPlace(place));
        this.visit(part, place);
        // A member of which nothing is said is a place all the same.
        if (!isSchema(part)) this.#toPlace(place);
      }
    }
    for (const keyword of OF_MEMBERS) this.visit(schema[keyword], below(`/${keyword}`));
    const prefix: unknown = schema["prefixItems"];
    if (Array.isArray(prefix))
      prefix.forEach((part, index) => {
        this.visit(part, below(`/prefixItems/${index}`));
      });
  }

  /** What tells an alternative from the others. */
  #toSignature(branch: unknown): string {
    if (!isSchema(branch)) return String(branch);
    const target = typeof branch["$ref"] === "string" ? this.#document.resolve(branch["$ref"]) : branch;
    if (!isSchema(target)) return String(target);
    const schema = toModernForm(target);
    if (Object.hasOwn(schema, "const")) return cut(schema["const"]);
    if (Array.isArray(schema["enum"])) return cut(schema["enum"].map((value) => toCanonicalJson(value)).toSorted());
    const tags = toNames(schema["required"])
      .toSorted()
      .flatMap((name) => {
        const properties = schema["properties"];
        const member = isObject(properties) && Object.hasOwn(properties, name) ? properties[name] : undefined;
        return isSchema(member) && Object.hasOwn(member, "const") ? [[name, member["const"]]] : [];
      });
    return cut([schema["type"] ?? null, tags]);
  }
}

function cut(value: unknown): string {
  return toCanonicalJson(value).slice(0, MAX_SIGNATURE);
}

/** Whether a name or a listed value is read as a text, or hides something. */
function isProse(value: unknown): boolean {
  if (typeof value !== "string") return false;
  return value.trim().split(/\s+/, PROSE_WORDS).length === PROSE_WORDS || findHiddenCharacter(value) !== null;
}
