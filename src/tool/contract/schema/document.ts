// One side of a comparison: a root schema, into which its references lead, and the nodes of it that are compared. A node is
// what several schemas say together about one value. The same schemas always give the same node, so that a comparison that
// comes back to where it was sees that it does, also where references lead in circles.
import { toCanonicalJson } from "../../../kernel/canonical-json.ts";
import { isSchema } from "../../schema/json-type.ts";
import { resolveRef } from "../../schema/resolve-ref.ts";
import type { JsonSchema } from "../../schema/schema.ts";

/** What all of `parts` say about one value; none of them: anything. */
export interface Node {
  readonly id: number;
  readonly document: SchemaDocument;
  readonly parts: readonly JsonSchema[];
  /** Whether it was written as `false`. */
  readonly isNothing: boolean;
}

/** Larger schemas are only the same when they are the same object. */
const MAX_MEMBERS = 24;

/** Numbers for the nodes of both sides. */
export interface Counter {
  next: number;
}

export class SchemaDocument {
  readonly root: JsonSchema;
  readonly anything: Node;
  readonly nothing: Node;
  readonly #counter: Counter;
  readonly #nodes: Map<string, Node> = new Map();
  readonly #ids: Map<JsonSchema, number> = new Map();
  readonly #alike: Map<string, number> = new Map();
  #nextId = 0;
  readonly #constants: Map<string, JsonSchema> = new Map();
  readonly #targets: Map<string, JsonSchema | boolean | undefined> = new Map();

  constructor(root: JsonSchema, counter: Counter) {
    this.root = root;
    this.#counter = counter;
    this.anything = this.#create([], false);
    this.nothing = this.#create([], true);
  }

  /** The node of one schema. */
  toNode(schema: unknown): Node {
    if (schema === false) return this.nothing;
    return isSchema(schema) ? this.#intern([schema]) : this.anything;
  }

  /** The node of what all of `nodes` say. */
  join(nodes: readonly Node[]): Node {
    if (nodes.length === 1) return nodes[0] as Node;
    if (nodes.some((node) => node.isNothing)) return this.nothing;
    const parts = new Set(nodes.flatMap((node) => node.parts));
    return parts.size === 0 ? this.anything : this.#intern([...parts]);
  }

  /** The node that accepts `value` alone. */
  toConstant(value: unknown): Node {
    const key = toCanonicalJson(value);
    let schema = this.#constants.get(key);
    if (schema === undefined) this.#constants.set(key, (schema = { const: value }));
    return this.toNode(schema);
  }

  /** What a reference points at; undefined: nothing. */
  resolve(ref: string): JsonSchema | boolean | undefined {
    if (!this.#targets.has(ref)) this.#targets.set(ref, resolveRef(this.root, ref));
    return this.#targets.get(ref);
  }

  #intern(parts: readonly JsonSchema[]): Node {
    const ids = new Map(parts.map((part) => [this.#toId(part), part]));
    const sorted = [...ids.keys()].sort((a, b) => a - b);
    const key = sorted.join();
    let node = this.#nodes.get(key);
    if (node === undefined) {
      node = this.#create(
        sorted.map((id) => ids.get(id) as JsonSchema),
        false,
      );
      this.#nodes.set(key, node);
    }
    return node;
  }

  /** The same for schemas that are written alike, as far as that is cheap to see: then circles close sooner. */
  #toId(schema: JsonSchema): number {
    let id = this.#ids.get(schema);
    if (id !== undefined) return id;
    const text = countMembers(schema, MAX_MEMBERS) <= MAX_MEMBERS ? toCanonicalJson(schema) : null;
    id = (text === null ? undefined : this.#alike.get(text)) ?? this.#nextId++;
    if (text !== null) this.#alike.set(text, id);
    this.#ids.set(schema, id);
    return id;
  }

  #create(parts: readonly JsonSchema[], isNothing: boolean): Node {
    return { id: this.#counter.next++, document: this, parts, isNothing };
  }
}

/** How many members and items `value` has in all; more than `max` are not counted. */
function countMembers(value: unknown, max: number): number {
  if (typeof value !== "object" || value === null) return 0;
  const members: readonly unknown[] = Array.isArray(value) ? value : Object.values(value);
  let count = members.length;
  for (let index = 0; index < members.length && count <= max; index++)
    count += countMembers(members[index], max - count);
  return count;
}
