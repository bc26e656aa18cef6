// The two sides of a comparison: root schemas, into which their references lead, and the nodes of them that are compared. A
// node is what several schemas say together about one value. The same schemas always give the same node, so that a comparison
// that comes back to where it was sees that it does, also where references lead in circles.
import { toCanonicalJson } from "../../../kernel/canonical-json.ts";
import { isSchema } from "../../schema/json-type.ts";
import { resolveRef } from "../../schema/resolve-ref.ts";
import type { JsonSchema } from "../../schema/schema.ts";

/** A schema, and where its references lead. */
export interface Part {
  readonly schema: JsonSchema;
  readonly document: SchemaDocument;
}

/** What all of `parts` say about one value; none of them: anything. */
export interface Node {
  readonly id: number;
  readonly table: NodeTable;
  readonly parts: readonly Part[];
  /** Whether it was written as `false`. */
  readonly isNothing: boolean;
}

/** Larger schemas are only the same when they are the same object. */
const MAX_MEMBERS = 24;

/** Every node of a comparison, of either side. */
export class NodeTable {
  readonly anything: Node = { id: 0, table: this, parts: [], isNothing: false };
  readonly nothing: Node = { id: 1, table: this, parts: [], isNothing: true };
  readonly #nodes: Map<string, Node> = new Map();
  readonly #ids: Map<SchemaDocument, Map<JsonSchema, number>> = new Map();
  readonly #alike: Map<string, number> = new Map();
  readonly #constants: SchemaDocument = new SchemaDocument({}, this);
  #nextId = 2;

  /** The node of one schema of `document`. */
  toNode(schema: unknown, document: SchemaDocument): Node {
    if (schema === false) return this.nothing;
    return isSchema(schema) ? this.#intern([{ schema, document }]) : this.anything;
  }

  /** The node of what all of `nodes` say. */
  join(nodes: readonly Node[]): Node {
    if (nodes.length === 1) return nodes[0] as Node;
    if (nodes.some((node) => node.isNothing)) return this.nothing;
    const parts = nodes.flatMap((node) => node.parts);
    return parts.length === 0 ? this.anything : this.#intern(parts);
  }

  /** The node that accepts `value` alone. */
  toConstant(value: unknown): Node {
    return this.toNode({ const: value }, this.#constants);
  }

  #intern(parts: readonly Part[]): Node {
    const byId = new Map(parts.map((part) => [this.#toId(part), part]));
    const key = [...byId.keys()].sort((a, b) => a - b).join();
    let node = this.#nodes.get(key);
    if (node === undefined) {
      node = { id: this.#nextId++, table: this, parts: [...byId.values()], isNothing: false };
      this.#nodes.set(key, node);
    }
    return node;
  }

  /** The same for schemas that are written alike, as far as that is cheap to see: then circles close sooner. */
  #toId({ schema, document }: Part): number {
    let ids = this.#ids.get(document);
    if (ids === undefined) this.#ids.set(document, (ids = new Map<JsonSchema, number>()));
    let id = ids.get(schema);
    if (id !== undefined) return id;
    const text = countMembers(schema, MAX_MEMBERS) <= MAX_MEMBERS ? toCanonicalJson(schema) : null;
    // What refers to nothing is the same on both sides.
    const key = text?.includes('"$ref"') === true ? `${document.name} ${text}` : text;
    id = (key === null ? undefined : this.#alike.get(key)) ?? this.#nextId++;
    if (key !== null) this.#alike.set(key, id);
    ids.set(schema, id);
    return id;
  }
}

export class SchemaDocument {
  readonly root: JsonSchema;
  /** Tells it from the other side. */
  readonly name: string;
  readonly #table: NodeTable;
  readonly #targets: Map<string, JsonSchema | boolean | undefined> = new Map();

  constructor(root: JsonSchema, table: NodeTable, name = "") {
    this.root = root;
    this.#table = table;
    this.name = name;
  }

  get anything(): Node {
    return this.#table.anything;
  }

  get nothing(): Node {
    return this.#table.nothing;
  }

  /** The node of one of its schemas. */
  toNode(schema: unknown): Node {
    return this.#table.toNode(schema, this);
  }

  /** What a reference points at; undefined: nothing. */
  resolve(ref: string): JsonSchema | boolean | undefined {
    if (!this.#targets.has(ref)) this.#targets.set(ref, resolveRef(this.root, ref));
    return this.#targets.get(ref);
  }
}

/** Both sides of a comparison, whose nodes can be compared and joined. */
export function toDocuments(before: JsonSchema, after: JsonSchema): readonly [SchemaDocument, SchemaDocument] {
  const table = new NodeTable();
  return [new SchemaDocument(before, table, "before"), new SchemaDocument(after, table, "after")];
}

/** `node` as one schema, to be shown. */
export function toShownSchema(node: Node | null): unknown {
  if (node === null || node.parts.length === 0) return node?.isNothing !== true;
  const schemas = node.parts.map(({ schema }) => schema);
  return schemas.length === 1 ? schemas[0] : { allOf: schemas };
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
