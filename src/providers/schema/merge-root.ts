// Arguments are an object, and models are told so at the root: no reference, no alternatives, no parts. Alternatives are
// merged into one object that accepts at least what each of them accepts.
import { isObject } from "../../kernel/json.ts";
import { isSchema } from "../../tool/schema/json-type.ts";
import type { JsonSchema } from "../../tool/schema/schema.ts";
import { describeSchema } from "../../tool/schema/describe-schema.ts";
import { acceptsNull } from "./accepts-null.ts";
import { type Context, toEntries } from "./context.ts";
import { describeKeyword, toDescription } from "./describe-keyword.ts";
import { makeAllOf } from "./intersect.ts";
import { isJsonEqual } from "../../kernel/json-equal.ts";
import { mergeAllOf } from "./merge-all-of.ts";
import { toModernForm, toNames } from "../../tool/schema/modern-form.ts";
import { ROOT } from "./place.ts";
import { isAnything } from "./keywords.ts";

const MAX_DEPTH = 16;
const MAX_BRANCHES = 2_000;
const UNIONS = ["anyOf", "oneOf"] as const;

/** What an object says of the properties it may have. `unsaid`: nothing of further ones. */
type Rest = "closed" | "unsaid" | "open";

interface Shape {
  readonly properties: ReadonlyMap<string, unknown>;
  readonly required: ReadonlySet<string>;
  readonly rest: Rest;
}

/** The tool's schema as one object, and the targets of references that were written out for it. */
export function mergeRoot(context: Context): { readonly schema: JsonSchema; readonly inlined: readonly JsonSchema[] } {
  const merger = new RootMerger(context);
  const conflicts = context.changes.length;
  const flat = merger.flatten(context.root);
  const merged = merger.merge(flat);
  const isLess = context.changes.slice(conflicts).some(({ what }) => what === "widened");
  const schema = { ...(isLess ? merger.tellUnevaluated(merged) : merged), type: "object" };
  return { schema, inlined: [...merger.inlined] };
}

class RootMerger {
  readonly inlined: Set<JsonSchema> = new Set();
  readonly #context: Context;
  #branches = 0;

  constructor(context: Context) {
    this.#context = context;
  }

  /** Without references and parts. */
  flatten(given: JsonSchema): JsonSchema {
    const { root, rules } = this.#context;
    const schema = toModernForm(given);
    if (schema["$ref"] === undefined && schema["allOf"] === undefined) return schema;
    const { allOf, $ref, ...rest } = schema;
    const parts: readonly unknown[] = Array.isArray(allOf) ? allOf : [];
    // With a type beside it, a reference is written out also where it stands alone.
    const whole = { ...rest, type: "object", allOf: [...($ref === undefined ? [] : [{ $ref }]), ...parts] };
    const { schema: merged, inlined, conflicts } = mergeAllOf(root, whole, []);
    for (const target of inlined) this.inlined.add(target);
    const [conflict] = conflicts;
    if (conflict !== undefined) {
      if (rules.closed) this.#context.refuse(`allOf at the root: its parts differ in ${conflict}`);
      this.#context.note(ROOT, "allOf", "widened", `allOf merged into one object; its parts differ in ${conflict}`);
    } else if (parts.length > 0) this.#context.note(ROOT, "allOf", "rewritten", "allOf merged into one object");
    return merged;
  }

  /** Without alternatives. */
  merge(schema: JsonSchema): JsonSchema {
    const unions = UNIONS.filter((keyword) => Array.isArray(schema[keyword]));
    if (unions.length === 0) return schema;
    const message = "alternatives at the root merged into one object, and told in the description";
    this.#context.note(ROOT, unions.join(", "), "widened", message);
    const { properties, required, rest } = this.#toShape(schema, 0);
    const { anyOf: _anyOf, oneOf: _oneOf, additionalProperties: own, ...kept } = schema;
    const closing =
      rest === "closed" ? { additionalProperties: false } : rest === "open" ? { additionalProperties: true } : {};
    const { root, properties: names } = this.#context;
    const shownRoot = names.toWireSchema(root) as JsonSchema;
    const forms = unions.map((keyword) => describeSchema(names.toWireSchema({ anyOf: schema[keyword] }), shownRoot));
    const description = toDescription(
      schema["description"],
      forms.map((form) => `One of: ${form}.`),
    );
    return {
      ...kept,
      description,
      properties: Object.fromEntries(properties),
      ...(required.size > 0 && { required: [...required] }),
      ...(isObject(own) && kept["patternProperties"] === undefined && properties.size === 0
        ? { additionalProperties: own }
        : closing),
    };
  }

  /** "No others" counts what the keywords beside it evaluate, and would refuse what is no longer said. */
  tellUnevaluated(schema: JsonSchema): JsonSchema {
    const { unevaluatedProperties, ...rest } = schema;
    if (unevaluatedProperties === undefined || this.#context.rules.closed) return schema;
    const { root, properties } = this.#context;
    const said = properties.toWireSchema({ unevaluatedProperties }) as JsonSchema;
    const sentence = describeKeyword("unevaluatedProperties", said, properties.toWireSchema(root) as JsonSchema);
    if (sentence === null) return rest;
    const message = "unevaluatedProperties moved to the description";
    this.#context.note(ROOT, "unevaluatedProperties", "described", message);
    return { ...rest, description: toDescription(schema["description"], [sentence]) };
  }

  #toShape(given: JsonSchema, depth: number): Shape {
    if (++this.#branches > MAX_BRANCHES) this.#context.refuse(`more than ${MAX_BRANCHES} alternatives at the root`);
    const schema = depth === 0 ? given : this.flatten(given);
    const own = toOwnShape(schema);
    if (depth > MAX_DEPTH) return own;
    const merged = UNIONS.filter((keyword) => Array.isArray(schema[keyword])).map((keyword) => {
      const branches = (schema[keyword] as readonly unknown[]).filter(isSchema);
      const shapes = branches.map((branch) => this.#toShape(branch, depth + 1));
      this.#checkNulls(shapes);
      return mergeAny(shapes);
    });
    return merged.reduce(mergeAll, own);
  }

  /**
   * A null that is data in one alternative and stands for nothing in another could not be told apart once the alternatives
   * are one object.
   */
  #checkNulls(shapes: readonly Shape[]): void {
    if (this.#context.rules.optionals !== "null") return;
    const names = new Set(shapes.flatMap(({ properties }) => [...properties.keys()]));
    for (const name of names) {
      if (shapes.every(({ required }) => required.has(name))) continue;
      const takes = shapes.map(({ properties, rest }) =>
        properties.has(name) ? acceptsNull(this.#context.root, properties.get(name)) : rest !== "closed",
      );
      const declares = shapes.some(({ properties }, index) => properties.has(name) && takes[index] !== false);
      if (!declares || takes.every((one) => one === true)) continue;
      const property = JSON.stringify(name);
      this.#context.refuse(`${property} may be null in one alternative at the root and not in another`);
    }
  }
}

function toOwnShape(schema: JsonSchema): Shape {
  const { additionalProperties, patternProperties } = schema;
  const isOpen = patternProperties !== undefined || isAnything(additionalProperties) || isObject(additionalProperties);
  return {
    properties: new Map(toEntries(schema["properties"])),
    required: new Set(toNames(schema["required"])),
    rest: isOpen ? "open" : additionalProperties === false ? "closed" : "unsaid",
  };
}

/** What accepts all that any of `shapes` does. */
function mergeAny(shapes: readonly Shape[]): Shape {
  const found = new Map<string, unknown[]>();
  for (const { properties } of shapes) {
    for (const [name, schema] of properties) found.set(name, [...(found.get(name) ?? []), schema]);
  }
  const rests = new Set(shapes.map(({ rest }) => rest));
  // An alternative that says nothing of a property, and does not refuse it, takes any value there.
  const properties = [...found].map(([name, schemas]) => {
    const isFree = shapes.some((shape) => !shape.properties.has(name) && shape.rest === "open");
    return [name, isFree ? true : toUnion(schemas)] as const;
  });
  const [first] = shapes;
  const required = [...(first?.required ?? [])].filter((name) => shapes.every((shape) => shape.required.has(name)));
  return {
    properties: new Map(properties),
    required: new Set(required),
    rest: rests.has("open") ? "open" : rests.has("unsaid") || rests.size === 0 ? "unsaid" : "closed",
  };
}

/** What accepts all that both do. */
function mergeAll(a: Shape, b: Shape): Shape {
  const properties = new Map(a.properties);
  for (const [name, schema] of b.properties) {
    const own = properties.get(name);
    const isSame = own === undefined || isJsonEqual(own, schema);
    properties.set(name, isSame ? schema : makeAllOf([own, schema]));
  }
  const rests = [a.rest, b.rest];
  return {
    properties,
    required: new Set([...a.required, ...b.required]),
    rest: rests.includes("closed") ? "closed" : rests.includes("open") ? "open" : "unsaid",
  };
}

/** Constants become one enum, which is what the tag of a union is. */
function toUnion(schemas: readonly unknown[]): unknown {
  const distinct = schemas.filter(
    (schema, index) => schemas.findIndex((other) => isJsonEqual(schema, other)) === index,
  );
  const [only] = distinct;
  if (distinct.length === 1) return only;
  const constants = distinct.map((schema) => (isObject(schema) ? schema["const"] : undefined));
  if (constants.every((constant) => typeof constant === "string")) return { type: "string", enum: constants };
  return { anyOf: distinct };
}
