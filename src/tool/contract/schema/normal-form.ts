// A schema as a list of alternatives, each of which says everything about a value by itself: references followed, `allOf`
// joined, unions and conditions multiplied out. What takes part in a comparison is only this.
import { isObject } from "../../../kernel/json.ts";
import type { JsonType } from "../../schema/json-type.ts";
import { isSchema } from "../../schema/json-type.ts";
import { toModernForm } from "../../schema/modern-form.ts";
import type { JsonSchema } from "../../schema/schema.ts";
import { ANY_ATOM, type Atom, EVERY_TYPE, joinAtoms, toPossible } from "./atom.ts";
import { toBaseAtom } from "./base-atom.ts";
import type { Node, SchemaDocument } from "./document.ts";
import { mergeAtoms } from "./merge-atoms.ts";
import { toUnevaluated } from "./unevaluated.ts";

export interface NormalForm {
  readonly atoms: readonly Atom[];
  /** Whether these are all; each of them is one of the schema's in any case. */
  readonly isWhole: boolean;
}

/** What the normal form has to ask of a comparison. */
export interface Oracle {
  /** Whether no value fits both. */
  areApart(a: Node, b: Node): boolean;
  /** Whether everything that `atom` accepts fits `node`. */
  isWithin(atom: Atom, node: Node): boolean;
}

const MAX_ATOMS = 64;
const MAX_CHAIN = 64;
const ANYTHING: NormalForm = Object.freeze({ atoms: [ANY_ATOM], isWhole: true });
const NOTHING: NormalForm = Object.freeze({ atoms: [], isWhole: true });
/** Nothing that is certain. */
const UNKNOWN: NormalForm = Object.freeze({ atoms: [], isWhole: false });

export class Normalizer {
  readonly #oracle: Oracle;
  readonly #nodes: Map<number, NormalForm> = new Map();
  readonly #schemas: Map<number, NormalForm> = new Map();
  /** What is being expanded, and how far out the circles that were met go back. */
  readonly #open: number[] = [];
  #outermost = Number.POSITIVE_INFINITY;

  constructor(oracle: Oracle) {
    this.#oracle = oracle;
  }

  /** The alternatives of `node`. */
  normalize(node: Node): NormalForm {
    if (node.isNothing) return NOTHING;
    let form = this.#nodes.get(node.id);
    if (form === undefined) {
      form = node.parts
        .map(({ schema, document }) => this.#normalizeSchema(schema, document))
        .reduce(multiply, ANYTHING);
      form = { ...form, atoms: mergeAtoms(form.atoms) };
      if (this.#outermost === Number.POSITIVE_INFINITY) this.#nodes.set(node.id, form);
    }
    return form;
  }

  /** Whether answers may be less certain than they will be when what is being expanded is known. */
  get isBusy(): boolean {
    return this.#open.length > 0;
  }

  #normalizeSchema(schema: JsonSchema, document: SchemaDocument): NormalForm {
    // By its node: both documents may hold the very same object, whose references lead to different places.
    const { id } = document.toNode(schema);
    const known = this.#schemas.get(id);
    if (known !== undefined) return known;
    const depth = this.#open.length;
    const at = this.#open.indexOf(id);
    if (at !== -1 || depth > MAX_CHAIN) {
      // Asked about a part of itself, or a circle without a member or an item in between.
      this.#outermost = Math.min(this.#outermost, Math.max(at, 0));
      return UNKNOWN;
    }
    this.#open.push(id);
    const form = this.#expand(toModernForm(schema), document);
    this.#open.pop();
    if (this.#outermost >= depth) {
      this.#outermost = Number.POSITIVE_INFINITY;
      this.#schemas.set(id, form);
    }
    return form;
  }

  #expand(schema: JsonSchema, document: SchemaDocument): NormalForm {
    const atom = toBaseAtom(schema, document);
    if (atom === null) return NOTHING;
    const parts: NormalForm[] = [{ atoms: [atom], isWhole: true }];
    const of = (part: unknown): NormalForm => this.#normalizeAny(part, document);
    const { $ref, allOf, anyOf, oneOf, not, dependentSchemas } = schema;
    if (typeof $ref === "string") parts.push(of(document.resolve($ref)));
    if (Array.isArray(allOf)) parts.push(...allOf.map(of));
    if (Array.isArray(anyOf)) parts.push(add(anyOf.map(of)));
    if (Array.isArray(oneOf)) parts.push(this.#expandOneOf(oneOf, document));
    if (not !== undefined) parts.push(this.#exclude(ANYTHING, [document.toNode(not)]));
    if ("if" in schema) parts.push(this.#expandCondition(schema, document));
    if (isObject(dependentSchemas))
      for (const [name, one] of Object.entries(dependentSchemas))
        parts.push(this.#expandDependent(name, one, document));
    const unevaluated = toUnevaluated(schema, document);
    if (unevaluated !== null) parts.push({ atoms: [unevaluated], isWhole: true });
    return parts.reduce(multiply, ANYTHING);
  }

  #normalizeAny(schema: unknown, document: SchemaDocument): NormalForm {
    if (schema === false) return NOTHING;
    if (schema === undefined) return UNKNOWN;
    return isSchema(schema) ? this.#normalizeSchema(schema, document) : ANYTHING;
  }

  /** One of them and none of the others, where they overlap. */
  #expandOneOf(branches: readonly unknown[], document: SchemaDocument): NormalForm {
    const nodes = branches.map((branch) => document.toNode(branch));
    return add(
      branches.map((branch, index) => {
        const others = nodes.filter((other, at) => at !== index && !this.#oracle.areApart(nodes[index] as Node, other));
        return this.#exclude(this.#normalizeAny(branch, document), others);
      }),
    );
  }

  /** `if` and `then`, or not `if` and `else`. */
  #expandCondition(schema: JsonSchema, document: SchemaDocument): NormalForm {
    const condition = document.toNode(schema["if"]);
    const holds = multiply(
      this.#normalizeAny(schema["if"], document),
      this.#normalizeAny(schema["then"] ?? true, document),
    );
    return add([holds, this.#exclude(this.#normalizeAny(schema["else"] ?? true, document), [condition])]);
  }

  /** Without the member `name`, or with it and as `schema` says. */
  #expandDependent(name: string, schema: unknown, document: SchemaDocument): NormalForm {
    const without = toBaseAtom({ properties: { [name]: false } }, document);
    const beside = toBaseAtom({ type: "object", required: [name] }, document);
    const forms = [without, beside].map((atom): NormalForm => ({ atoms: atom === null ? [] : [atom], isWhole: true }));
    return add([forms[0] ?? NOTHING, multiply(forms[1] ?? NOTHING, this.#normalizeAny(schema, document))]);
  }

  #exclude(form: NormalForm, nots: readonly Node[]): NormalForm {
    const atoms = form.atoms.flatMap((atom) => {
      const left = nots.reduce<Atom | null>((rest, not) => (rest === null ? null : this.#without(rest, not)), atom);
      return left === null ? [] : [left];
    });
    return { atoms, isWhole: form.isWhole };
  }

  #without(atom: Atom, not: Node): Atom | null {
    if (not.isNothing) return atom;
    const types = toTypesAlone(this.normalize(not));
    if (types !== null) return toPossible({ ...atom, types: withoutTypes(atom.types, types) });
    const name = toNameAlone(this.normalize(not));
    if (name !== null) return joinAtoms(atom, toAtomWithout(name, not));
    if (this.#oracle.isWithin(atom, not)) return null;
    return { ...atom, nots: [...atom.nots, not] };
  }
}

/** The types that a schema accepts, when it says nothing but types; null otherwise. */
function toTypesAlone({ atoms, isWhole }: NormalForm): ReadonlySet<JsonType> | null {
  const [atom] = atoms;
  if (!isWhole || atom === undefined || atoms.length > 1) return null;
  const { types, values, numbers, texts, lists, members, nots, residues } = atom;
  const isPlain =
    values === null &&
    numbers === ANY_ATOM.numbers &&
    texts === ANY_ATOM.texts &&
    lists === ANY_ATOM.lists &&
    members === ANY_ATOM.members &&
    nots.length + residues.length === 0;
  // What is a number and no integer has no name.
  return isPlain && !types.has("integer") ? types : null;
}

/** The member that a schema wants, when that is all it says; null otherwise. */
function toNameAlone({ atoms, isWhole }: NormalForm): string | null {
  const [atom] = atoms;
  if (!isWhole || atom === undefined || atoms.length > 1) return null;
  const { members } = atom;
  const [name] = members.required;
  return saysNothingOfItself(atom) && isNameAlone(members) ? (name ?? null) : null;
}

/** Whether all that is said is said of members. */
function saysNothingOfItself({ types, values, numbers, texts, lists, nots, residues }: Atom): boolean {
  if (types.size !== EVERY_TYPE.size || values !== null || nots.length + residues.length > 0) return false;
  return numbers === ANY_ATOM.numbers && texts === ANY_ATOM.texts && lists === ANY_ATOM.lists;
}

function isNameAlone({ required, parts, names, together, min, max }: Atom["members"]): boolean {
  const isAlone = required.size === 1 && parts.length + names.length + together.length === 0;
  return isAlone && min === 0 && max === Number.POSITIVE_INFINITY;
}

/** Objects without this member. */
function toAtomWithout(name: string, { table }: Node): Atom {
  const part = { isListing: false, properties: new Map([[name, table.nothing]]), patterns: [], rest: null };
  return { ...ANY_ATOM, types: new Set(["object"]), members: { ...ANY_ATOM.members, parts: [part] } };
}

function withoutTypes(types: ReadonlySet<JsonType>, gone: ReadonlySet<JsonType>): ReadonlySet<JsonType> {
  return new Set([...types].filter((type) => !gone.has(type) && !(type === "integer" && gone.has("number"))));
}

/** Either of them. */
function add(forms: readonly NormalForm[]): NormalForm {
  const atoms = forms.flatMap((form) => form.atoms);
  return {
    atoms: atoms.slice(0, MAX_ATOMS),
    isWhole: atoms.length <= MAX_ATOMS && forms.every((form) => form.isWhole),
  };
}

/** Both of them. */
function multiply(a: NormalForm, b: NormalForm): NormalForm {
  if (a === ANYTHING) return b;
  if (b === ANYTHING) return a;
  const atoms: Atom[] = [];
  for (const one of a.atoms) {
    for (const other of b.atoms) {
      if (atoms.length > MAX_ATOMS) break;
      const joined = joinAtoms(one, other);
      if (joined !== null) atoms.push(joined);
    }
  }
  return { atoms: atoms.slice(0, MAX_ATOMS), isWhole: atoms.length <= MAX_ATOMS && a.isWhole && b.isWhole };
}
