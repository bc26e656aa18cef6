// What a provider takes of JSON Schema, as data: the compiler reads nothing else about a provider. The pages in
// docs/providers are drawn from what the compiler does, and test/providers/keyword-probes.test.ts holds that to the rules.
import type { JsonType } from "../../tool/schema/json-type.ts";
import type { Keyword } from "./keywords.ts";

/**
 * `keep`: sent as it is (with the limits in the fields below). `rewrite`: sent in another form that says the same or
 * accepts more. `describe`: moved to the description of its place. `refuse`: the schema cannot be strict. `drop`: left out;
 * says nothing about which values are valid.
 */
export type Treatment = "keep" | "rewrite" | "describe" | "refuse" | "drop";

/** What all schemas of one tool may come to. */
export interface SchemaLimits {
  readonly properties: number;
  readonly depth: number;
  /** Of names of properties and definitions, and of constants. */
  readonly characters: number;
  readonly enumValues: number;
  /** An enum with more than `values` strings may have `characters`. */
  readonly largeEnum: { readonly values: number; readonly characters: number };
}

/** One form of schemas that a provider takes. */
export interface SchemaRules {
  /** For people, such as `OpenAI, strict`. */
  readonly name: string;
  readonly keywords: Readonly<Record<Keyword, Treatment>>;
  /** Keywords that JSON Schema does not know. */
  readonly unknown: "keep" | "drop";
  /** Whether every place has to be described: with a type, no object open, no array of anything. */
  readonly closed: boolean;
  /** How a property that may be left out is sent: not required, or required and null where it is left out. */
  readonly optionals: "absent" | "null";
  /** Formats that can be sent; null: every one. */
  readonly formats: ReadonlySet<string> | null;
  /** Patterns that cannot be sent; null: every one can. */
  readonly refusedPatterns: RegExp | null;
  /** The largest `minItems` that can be sent; null: every one can. */
  readonly maxMinItems: number | null;
  /** Types of the constants that can be listed; null: all. */
  readonly enumTypes: ReadonlySet<JsonType> | null;
  /** A longer list of constants (as JSON) goes to the description; null: none is too long. */
  readonly maxEnumCharacters: number | null;
  /** Whether constants come back as they were sent, or perhaps in another case. */
  readonly enumCase: "exact" | "any";
  /** Whether a place may have several types besides null; otherwise they become alternatives. */
  readonly mixedTypes: boolean;
  /** `anywhere`: with annotations beside them. `optional`: alone, within properties that may be left out. */
  readonly refs: "anywhere" | "optional";
  /** Whether a schema may refer to itself. */
  readonly recursion: boolean;
  /** Names that properties may have; others are sent under another name. null: every name. */
  readonly propertyNames: RegExp | null;
  /** Whether every object has to have `properties`; the root always has. */
  readonly propertiesEverywhere: boolean;
  /** Whether every array has to have `items`, which leave nothing for `unevaluatedItems`. */
  readonly itemsEverywhere: boolean;
  /** Keywords that cannot stand at the root and go to its description, besides the alternatives that are merged. */
  readonly notAtRoot: ReadonlySet<string>;
  readonly limits: SchemaLimits | null;
}

/** The forms of one provider. */
export interface ProviderRules {
  /** For people, such as `OpenAI`. */
  readonly name: string;
  /** null: the provider has no strict tools. */
  readonly strict: SchemaRules | null;
  /** For tools that are not strict. */
  readonly loose: SchemaRules;
}

/** One treatment for several keywords. */
export function treat<K extends Keyword, T extends Treatment>(treatment: T, ...keywords: readonly K[]): Record<K, T> {
  return Object.fromEntries(keywords.map((keyword) => [keyword, treatment])) as Record<K, T>;
}
