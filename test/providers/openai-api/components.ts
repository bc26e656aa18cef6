// The components of OpenAI's published document, made into schemas that judge a request as the API does: unions by their
// tag, so that an error is about the member that was meant, and objects closed, because the API refuses what it does not
// know ("Unknown parameter"). The extract itself stays as published.
import { readFileSync } from "node:fs";
import { ADDED_COMPONENTS, ADDED_MEMBERS, ADDED_PROPERTIES, OPTIONAL_PROPERTIES } from "./overlay.ts";
import { isObject, type Json } from "./problem.ts";

const PREFIX = "#/components/schemas/";
const TAGS = ["type", "role"];

/** Name → schema, ready for a validator of JSON Schema 2020-12. */
export function readComponents(): ReadonlyMap<string, Json> {
  const text = readFileSync(new URL("requests.jsonl", import.meta.url), "utf8");
  const lines = text.trimEnd().split("\n").slice(1);
  const published = new Map(lines.map((line) => JSON.parse(line) as [string, Json]));
  for (const [name, schema] of ADDED_COMPONENTS) published.set(name, schema);
  const added = new Map([...published].map(([name, schema]) => [name, addTo(name, schema)]));
  return new Shaper(added).shapeAll();
}

function addTo(name: string, schema: Json): Json {
  const properties = ADDED_PROPERTIES.get(name);
  const members = ADDED_MEMBERS.get(name);
  const optional = OPTIONAL_PROPERTIES.get(name);
  if (optional !== undefined) {
    const required = (schema["required"] as readonly string[]).filter((property) => !optional.includes(property));
    return { ...schema, required };
  }
  if (members !== undefined) {
    const refs = members.map((member) => ({ $ref: `${PREFIX}${member}` }));
    return { ...schema, oneOf: [...(schema["oneOf"] as readonly Json[]), ...refs] };
  }
  if (properties === undefined) return schema;
  if (Array.isArray(schema["allOf"]))
    return { ...schema, allOf: [...schema["allOf"], { type: "object", properties }] as readonly Json[] };
  return { ...schema, properties: { ...(schema["properties"] as Json), ...properties } };
}

class Shaper {
  readonly #published: ReadonlyMap<string, Json>;
  /** Parts of an `allOf` cannot be closed one by one. */
  readonly #parts = new Set<string>();

  constructor(published: ReadonlyMap<string, Json>) {
    this.#published = published;
    for (const schema of published.values()) {
      for (const part of (schema["allOf"] ?? []) as readonly Json[]) {
        if (typeof part["$ref"] === "string") this.#parts.add(toName(part["$ref"]));
      }
    }
  }

  shapeAll(): ReadonlyMap<string, Json> {
    return new Map(
      [...this.#published].map(([name, schema]) => [name, this.#shape(schema, name, this.#parts.has(name))]),
    );
  }

  #shape(schema: Json, owner: string, isPart = false): Json {
    const shaped: Record<string, unknown> = {};
    for (const [keyword, value] of Object.entries(schema)) {
      if (keyword === "properties") shaped[keyword] = this.#shapeMembers(value as Json, owner);
      else if (keyword === "allOf")
        shaped[keyword] = (value as readonly Json[]).map((part) => this.#shape(part, owner, true));
      else if (keyword === "oneOf" || keyword === "anyOf")
        Object.assign(shaped, this.#unite(value as readonly Json[], owner));
      // Written for an older draft; only filters of file search use it.
      else if (keyword === "$recursiveRef") shaped["$ref"] = `${PREFIX}${owner}`;
      else if (isObject(value) && keyword !== "discriminator") shaped[keyword] = this.#shape(value, owner);
      else if (!["nullable", "discriminator", "$recursiveAnchor"].includes(keyword)) shaped[keyword] = value;
    }
    const closed = isPart ? shaped : close(shaped);
    return schema["nullable"] === true ? { anyOf: [closed, { type: "null" }] } : closed;
  }

  #shapeMembers(members: Json, owner: string): Json {
    return Object.fromEntries(
      Object.entries(members).map(([name, member]) => [name, isObject(member) ? this.#shape(member, owner) : member]),
    );
  }

  /**
   * `oneOf` becomes `anyOf`: the published members overlap (a message fits three of them). Members that are objects with a
   * tag are told apart by it.
   */
  #unite(members: readonly Json[], owner: string): Json {
    const leaves = members.flatMap((member) => this.#flatten(member));
    const tag = TAGS.find((name) => leaves.filter((leaf) => this.#readTag(leaf, name) !== null).length > 1);
    if (tag === undefined) return { anyOf: leaves.map((leaf) => this.#shape(leaf, owner)) };
    const tagged = leaves.filter((leaf) => this.#readTag(leaf, tag) !== null);
    const others = leaves.filter((leaf) => !tagged.includes(leaf)).map((leaf) => this.#shape(leaf, owner));
    const union = this.#unionByTag(tagged, tag, owner);
    return others.length === 0 ? union : { anyOf: [...others, union] };
  }

  #unionByTag(leaves: readonly Json[], tag: string, owner: string): Json {
    const byValue = new Map<unknown, Json[]>();
    const untagged: Json[] = [];
    for (const leaf of leaves) {
      const shaped = this.#shape(leaf, owner);
      for (const value of this.#readTag(leaf, tag) ?? []) byValue.set(value, [...(byValue.get(value) ?? []), shaped]);
      const { required } = this.#resolve(leaf);
      if (!Array.isArray(required) || !required.includes(tag)) untagged.push(shaped);
    }
    const cases = [...byValue].map(([value, shaped]) => ({
      if: { properties: { [tag]: { const: value } }, required: [tag] },
      then: toAny(shaped),
    }));
    const otherwise = {
      if: { required: [tag] },
      else: untagged.length === 0 ? { required: [tag] } : toAny(untagged),
    };
    return {
      type: "object",
      if: { required: [tag] },
      then: { properties: { [tag]: { enum: [...byValue.keys()] } } },
      allOf: [...cases, otherwise],
    };
  }

  #flatten(schema: Json): readonly Json[] {
    const resolved = this.#resolve(schema);
    const members = resolved["oneOf"] ?? resolved["anyOf"];
    const isUnion = Array.isArray(members) && !("properties" in resolved) && resolved["nullable"] !== true;
    return isUnion ? (members as readonly Json[]).flatMap((member) => this.#flatten(member)) : [schema];
  }

  /** The values of a member's tag; null when it has none. */
  #readTag(schema: Json, tag: string): readonly unknown[] | null {
    const { properties } = this.#resolve(schema);
    const member = isObject(properties) ? properties[tag] : undefined;
    if (!isObject(member)) return null;
    const forms = [member, ...((this.#resolve(member)["anyOf"] ?? []) as readonly Json[])].map((form) =>
      this.#resolve(form),
    );
    const values = forms.flatMap((form) => {
      if (Array.isArray(form["enum"])) return form["enum"] as readonly unknown[];
      return form["type"] === "null" ? [null] : [];
    });
    return values.length === 0 ? null : values;
  }

  #resolve(schema: Json): Json {
    const ref = schema["$ref"];
    return typeof ref === "string" ? this.#resolve(this.#published.get(toName(ref)) ?? {}) : schema;
  }
}

function toName(ref: string): string {
  return ref.slice(PREFIX.length);
}

function toAny(schemas: readonly Json[]): unknown {
  return schemas.length === 1 ? schemas[0] : { anyOf: schemas };
}

function close(schema: Json): Json {
  if ("additionalProperties" in schema || "$ref" in schema) return schema;
  const { properties } = schema;
  if (isObject(properties) && Object.keys(properties).length > 0) {
    return { ...schema, [isComposed(schema) ? "unevaluatedProperties" : "additionalProperties"]: false };
  }
  // A whole made of parts, as the requests are.
  const isWhole = Array.isArray(schema["allOf"]) && !("if" in schema);
  return isWhole ? { ...schema, unevaluatedProperties: false } : schema;
}

function isComposed(schema: Json): boolean {
  return ["allOf", "anyOf", "if"].some((keyword) => keyword in schema);
}
