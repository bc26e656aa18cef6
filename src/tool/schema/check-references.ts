// What references lead to: a target that exists, that no reference reaches by going in a circle, and that does not
// multiply. A circle would overflow the stack of a validator, doubling would keep it busy for ever.
import { quote } from "./describe-value.ts";
import { isSchema } from "./json-type.ts";
import { resolveRef } from "./resolve-ref.ts";
import type { JsonSchema } from "./schema.ts";
import type { SchemaWalk } from "./schema-walk.ts";

/** Subschemas that one value is checked against, references followed. */
const MAX_APPLIED = 20_000;
/** Subschemas that lead from one to the next. */
const MAX_CHAIN = 512;
const IN_PLACE = ["not", "if", "then", "else"];
const IN_PLACE_LISTS = ["allOf", "anyOf", "oneOf"];
const IN_PLACE_MAPS = ["dependentSchemas", "dependencies"];

/** Adds to `walk` what is wrong with its references. Targets outside of the known keywords are walked too. */
export function checkReferences(root: JsonSchema, walk: SchemaWalk): void {
  // `walk.refs` grows while targets are walked.
  for (let index = 0; index < walk.refs.length; index++) {
    const { schema, path } = walk.refs[index] as (typeof walk.refs)[number];
    const ref = schema["$ref"] as string;
    const target = resolveRef(root, ref);
    if (target === undefined) walk.add(path, `${quote(ref)} leads nowhere${nameTargets(root)}`);
    else if (isSchema(target) && isNamedRef(target["$ref"])) {
      // Ajv follows a reference to a reference only when the second one is a pointer.
      walk.add(path, `${quote(ref)} leads to another reference, ${quote(target["$ref"])}; write that one here`);
    } else if (isSchema(target) && !walk.seen.has(target)) walk.walk(target, toPath(ref));
  }
  if (walk.problems.length === 0) checkApplied(root, walk);
}

/** `#` or `#name`, unlike `#/$defs/name`. */
function isNamedRef(ref: unknown): ref is string {
  return typeof ref === "string" && !ref.startsWith("#/");
}

function nameTargets(root: JsonSchema): string {
  const names = ["$defs", "definitions"].flatMap((keyword) => {
    const map = root[keyword];
    return isSchema(map) ? Object.keys(map).map((name) => `#/${keyword}/${name}`) : [];
  });
  return names.length === 0
    ? "; define its target in $defs"
    : `; there is ${names
        .slice(0, 8)
        .map((name) => quote(name))
        .join(", ")}`;
}

function toPath(ref: string): readonly string[] {
  return ref.startsWith("#/") ? ref.slice(2).split("/") : [ref];
}

/** Follows what is applied to one and the same value: circles, and how much there is. */
function checkApplied(root: JsonSchema, walk: SchemaWalk): void {
  const sizes = new Map<JsonSchema, number>();

  const measure = (schema: JsonSchema, depth: number): number => {
    const known = sizes.get(schema);
    if (known !== undefined) return known;
    if (depth > MAX_CHAIN) return Number.POSITIVE_INFINITY;
    let size = 1;
    for (const part of partsInPlace(root, schema)) size += measure(part, depth + 1);
    // Set on the way back, a circle's too: so each schema is left for good after the first time it is measured.
    sizes.set(schema, size);
    return size;
  };

  for (const { schema, path } of walk.refs) {
    const size = measure(schema, 0);
    if (size === Number.POSITIVE_INFINITY) {
      const way = `or through more than ${MAX_CHAIN} others`;
      walk.add(path, `leads back to itself, ${way}, without going into a property or an item; refer to it from there`);
    } else if (size > MAX_APPLIED) {
      walk.add(path, `leads to more than ${MAX_APPLIED} subschemas for one value; references multiply`);
    }
  }
}

function* partsInPlace(root: JsonSchema, schema: JsonSchema): Generator<JsonSchema> {
  const parts: unknown[] = IN_PLACE.map((keyword) => schema[keyword]);
  for (const keyword of IN_PLACE_LISTS)
    if (Array.isArray(schema[keyword])) parts.push(...(schema[keyword] as unknown[]));
  for (const keyword of IN_PLACE_MAPS) if (isSchema(schema[keyword])) parts.push(...Object.values(schema[keyword]));
  if (typeof schema["$ref"] === "string") parts.push(resolveRef(root, schema["$ref"]));
  for (const part of parts) if (isSchema(part)) yield part;
}
