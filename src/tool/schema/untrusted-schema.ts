// Bounds for the schemas of strangers: what comes over a wire or out of a document may be small and still keep a compiler, a
// provider's converter or a reader busy. Run before anything else looks at the schema; linear in its size.
import { quote } from "./describe-value.ts";
import { isSchema } from "./json-type.ts";
import { resolveRef } from "./resolve-ref.ts";
import type { JsonSchema } from "./schema.ts";
import type { SchemaProblem } from "./schema-walk.ts";
import { subschemasOf } from "./subschemas.ts";

/** What the schema of a stranger may take. */
export interface SchemaBudget {
  /** Bytes of its JSON text. */
  readonly maxBytes: number;
  /** Subschemas inside one another. */
  readonly maxDepth: number;
  readonly maxSubschemas: number;
  /** Subschemas once every reference is replaced by what it leads to; one that leads back to itself counts once. */
  readonly maxExpanded: number;
  /** Properties of one object. */
  readonly maxProperties: number;
  /** Values of one `enum`. */
  readonly maxEnum: number;
  /** Patterns in all. */
  readonly maxPatterns: number;
  /** References by the name of an anchor, each of which is looked for in the whole schema. */
  readonly maxAnchorRefs: number;
}

/** The bounds of schemas that come as data, from a file, over REST, out of a document or from another server. */
export const UNTRUSTED_SCHEMA: SchemaBudget = Object.freeze({
  maxBytes: 131_072,
  maxDepth: 32,
  maxSubschemas: 1_000,
  maxExpanded: 20_000,
  maxProperties: 256,
  maxEnum: 1_000,
  maxPatterns: 64,
  maxAnchorRefs: 64,
});

const DEFINED: ReadonlySet<string | undefined> = new Set(["$defs", "definitions"]);

/**
 * What in `root`, JSON data of our own, passes `budget`; empty when nothing does. It bounds and does not check: give what
 * passes to `checkJsonSchema`, which refuses references to other documents, patterns that RE2 does not take, and
 * keywords that are not enforced.
 */
export function checkSchemaBudget(root: JsonSchema, budget: SchemaBudget = UNTRUSTED_SCHEMA): readonly SchemaProblem[] {
  const bytes = Buffer.byteLength(JSON.stringify(root));
  if (bytes > budget.maxBytes)
    return [{ path: [], message: `has ${bytes} bytes as JSON, at most ${budget.maxBytes} are taken; split the tool` }];
  const count = new Count(root, budget);
  count.visit(root, [], 1);
  // What has passed a bound already is not followed further.
  if (count.problems.length === 0) count.expand();
  return count.problems;
}

class Count {
  readonly problems: SchemaProblem[] = [];
  readonly #root: JsonSchema;
  readonly #budget: SchemaBudget;
  readonly #seen = new Set<JsonSchema>();
  #patterns = 0;
  #anchorRefs = 0;

  constructor(root: JsonSchema, budget: SchemaBudget) {
    this.#root = root;
    this.#budget = budget;
  }

  visit(schema: JsonSchema, path: readonly string[], depth: number): void {
    const { maxDepth, maxSubschemas } = this.#budget;
    if (this.problems.length > 0 || this.#seen.has(schema)) return;
    this.#seen.add(schema);
    if (depth > maxDepth) this.#refuse(path, `nests subschemas more than ${maxDepth} levels deep; flatten them`);
    else if (this.#seen.size > maxSubschemas)
      this.#refuse(path, `has more than ${maxSubschemas} subschemas; split the tool`);
    else {
      this.#own(schema, path);
      for (const inner of subschemasOf(schema)) this.visit(inner.schema, [...path, ...inner.path], depth + 1);
      // A target may lie where no keyword leads.
      const target = this.problems.length === 0 ? this.#targetOf(schema) : undefined;
      if (isSchema(target)) this.visit(target, [String(schema["$ref"])], 1);
    }
  }

  /** What references make of it: a schema of some lines can stand for more of them than there are atoms. */
  expand(): void {
    const { maxExpanded } = this.#budget;
    const sizes = new Map<JsonSchema, number>();
    const measure = (schema: JsonSchema): number => {
      const known = sizes.get(schema);
      if (known !== undefined) return known;
      // While it is measured it counts once, so that a circle ends.
      sizes.set(schema, 1);
      let size = 1;
      // A definition stands for nothing until it is referred to.
      for (const { schema: part, path } of subschemasOf(schema)) size += DEFINED.has(path[0]) ? 0 : measure(part);
      const target = this.#targetOf(schema);
      if (isSchema(target)) size += measure(target);
      sizes.set(schema, size);
      return size;
    };
    if (measure(this.#root) > maxExpanded)
      this.#refuse([], `stands for more than ${maxExpanded} subschemas once references are followed; they multiply`);
  }

  #own(schema: JsonSchema, path: readonly string[]): void {
    const { maxProperties, maxEnum, maxPatterns } = this.#budget;
    const { properties, enum: values, pattern, patternProperties } = schema;
    if (isSchema(properties) && Object.keys(properties).length > maxProperties)
      this.#refuse(
        [...path, "properties"],
        `are ${Object.keys(properties).length}, at most ${maxProperties} are taken`,
      );
    if (Array.isArray(values) && values.length > maxEnum)
      this.#refuse([...path, "enum"], `has ${values.length} values, at most ${maxEnum} are taken; accept a string`);
    this.#patterns += typeof pattern === "string" ? 1 : 0;
    this.#patterns += isSchema(patternProperties) ? Object.keys(patternProperties).length : 0;
    if (this.#patterns > maxPatterns)
      this.#refuse(path, `is beyond the ${maxPatterns} patterns that a schema may have`);
    this.#ref(schema["$ref"], path);
  }

  #ref(ref: unknown, path: readonly string[]): void {
    if (typeof ref !== "string") return;
    const { maxAnchorRefs } = this.#budget;
    if (!ref.startsWith("#"))
      this.#refuse(
        [...path, "$ref"],
        `received ${quote(ref)}; nothing outside of the schema is read: copy it to $defs`,
      );
    if (/^#[^/]/.test(ref)) this.#anchorRefs++;
    if (this.#anchorRefs > maxAnchorRefs)
      this.#refuse([...path, "$ref"], `is beyond the ${maxAnchorRefs} references to anchors; write "#/$defs/…"`);
  }

  #targetOf({ $ref }: JsonSchema): JsonSchema | boolean | undefined {
    return typeof $ref === "string" && $ref.startsWith("#") ? resolveRef(this.#root, $ref) : undefined;
  }

  #refuse(path: readonly string[], message: string): void {
    this.problems.push({ path, message });
  }
}
