// One compiled schema while it is put together: keywords, sentences for the description, plans for the way back.
import type { JsonSchema } from "../../tool/schema/schema.ts";
import type { Compiled, Context } from "./context.ts";
import { describeKeyword, toDescription } from "./describe-keyword.ts";
import { type Keyword, toRank } from "./keywords.ts";
import type { Place } from "./place.ts";
import { joinPlans, type Plan, toRenamePlan } from "./plan.ts";

const TOLD_WITH: Partial<Record<Keyword, readonly Keyword[]>> = {
  if: ["if", "then", "else"],
  contains: ["contains", "minContains", "maxContains"],
};

export class Parts {
  /** The tool's, in its modern form. */
  readonly schema: JsonSchema;
  readonly at: Place;
  readonly #context: Context;
  readonly #entries: [string, unknown][] = [];
  readonly #sentences: [Keyword, string][] = [];
  readonly #plans: (Plan | null)[] = [];

  constructor(context: Context, schema: JsonSchema, at: Place) {
    this.#context = context;
    this.schema = schema;
    this.at = at;
  }

  add(keyword: string, value: unknown): void {
    this.#entries.push([keyword, value]);
  }

  /** Adds schemas that apply to the value as well. */
  addAllOf(schemas: readonly object[]): void {
    const known = this.#entries.find(([keyword]) => keyword === "allOf");
    if (known === undefined) this.add("allOf", schemas);
    else known[1] = [...(known[1] as readonly object[]), ...schemas];
  }

  addPlan(plan: Plan | null): void {
    this.#plans.push(plan);
  }

  /** Moves a keyword to the description, with one sentence or none when it refuses nothing. */
  describe(keyword: Keyword, message = `${keyword} moved to the description`): void {
    const { root, properties } = this.#context;
    const found = new Set<string>();
    const said = properties.isNeeded ? properties.toWireSchema(pick(this.schema, keyword), found) : this.schema;
    const sentence = describeKeyword(keyword, said as JsonSchema, properties.toWireSchema(root) as JsonSchema);
    if (sentence === null) return;
    this.#sentences.push([keyword, sentence]);
    // A name that only the sentence tells has to come back as well.
    this.addPlan(toRenamePlan(properties.toRenames(found)));
    this.#context.note(this.at, keyword, "described", message);
  }

  /** Moves what was added to the description; nothing where it was not added. */
  withdraw(keyword: Keyword): void {
    const index = this.#entries.findIndex(([name]) => name === keyword);
    if (index === -1) return;
    this.#entries.splice(index, 1);
    this.describe(keyword);
  }

  /** The whole, with what it is first. */
  join(): Compiled {
    const sentences = this.#sentences.sort(([a], [b]) => toRank(a) - toRank(b)).map(([, sentence]) => sentence);
    const description = toDescription(this.schema["description"], sentences);
    if (description !== undefined) this.add("description", description);
    const entries = this.#entries.sort(([a], [b]) => toOrder(a) - toOrder(b));
    return { schema: Object.fromEntries(entries), plan: joinPlans(this.#plans) };
  }
}

/** `keyword`, and those that are told with it. */
function pick(schema: JsonSchema, keyword: Keyword): JsonSchema {
  const keywords: readonly string[] = TOLD_WITH[keyword] ?? [keyword];
  return Object.fromEntries(Object.entries(schema).filter(([name]) => keywords.includes(name)));
}

/** As people write schemas: the type, what it is for, and then what it has to be. */
function toOrder(keyword: string): number {
  if (keyword === "title" || keyword === "description") return toRank("type") + (keyword === "title" ? 0.1 : 0.2);
  return toRank(keyword);
}
