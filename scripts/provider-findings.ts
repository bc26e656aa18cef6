// What the compiler does with a keyword, found by running it on a probe and looking at what comes out. Nothing here reads the
// rules' treatments or the compiler's own account of its changes: that is what the findings are held against.
import { isDeepStrictEqual } from "node:util";
import { Ajv2020 } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import { ANTHROPIC } from "../src/providers/schema/anthropic-rules.ts";
import { compileSchema } from "../src/providers/schema/compile-schema.ts";
import type { CompiledSchema } from "../src/providers/schema/compiled-schema.ts";
import { GEMINI } from "../src/providers/schema/gemini-rules.ts";
import { OPENAI } from "../src/providers/schema/openai-rules.ts";
import type { ProviderRules, SchemaRules, Treatment } from "../src/providers/schema/rules.ts";
import type { JsonSchema } from "../src/tool/schema/schema.ts";
import type { Probe } from "../test/providers/keyword-probes.ts";

/** One form in which a provider takes schemas. */
export interface Form {
  readonly rules: SchemaRules;
  readonly provider: ProviderRules;
  readonly strict: boolean;
}

/** `add`: sent where the schema has none. `absent`: neither there nor sent. */
export type Outcome = Treatment | "add" | "absent";

export interface Finding {
  readonly outcome: Outcome;
  /** Why it is not strict, or what is sent instead; null when there is no more to say. */
  readonly detail: string | null;
}

export const FORMS: readonly Form[] = [OPENAI, ANTHROPIC, GEMINI].flatMap((provider) => [
  ...(provider.strict === null ? [] : [{ rules: provider.strict, provider, strict: true }]),
  { rules: provider.loose, provider, strict: false },
]);

const MAX_DETAIL = 12;
const MAX_KEYWORDS = 2;
/** What strict forms say of every object. */
const SHAPE: readonly string[] = ["type", "properties", "required", "additionalProperties", "description", "$defs"];

/** The whole schema of a tool that has `probe`; without `keyword` where that is given. */
export function toWhole({ at, schema, beside }: Probe, keyword?: string): JsonSchema {
  const { [keyword ?? ""]: _gone, ...rest } = schema;
  const used = keyword === undefined ? schema : rest;
  if (at === "root") return used;
  const required = at === "property" ? ["value"] : [];
  return { type: "object", properties: { value: used }, required, additionalProperties: false, ...beside };
}

/** The arguments in which `value` stands at the place of `probe`. */
export function toArguments({ at }: Probe, value: unknown): unknown {
  return at === "root" ? value : { value };
}

/** The schema that is sent for the place of `probe`. */
export function toPlace({ schema }: CompiledSchema, probe: Probe): JsonSchema {
  if (probe.at === "root") return schema;
  const { value } = schema["properties"] as { readonly value?: JsonSchema };
  const place = value ?? {};
  const { anyOf } = place;
  // Where it may be left out, null may be what stands for that.
  const isNullable = probe.at === "optional" && Array.isArray(anyOf) && isDeepStrictEqual(anyOf[1], { type: "null" });
  return isNullable ? (anyOf[0] as JsonSchema) : place;
}

export function compileProbe(probe: Probe, { provider, strict }: Form): CompiledSchema {
  return compileSchema(toWhole(probe), provider, strict);
}

export function isValid(schema: JsonSchema, value: unknown): boolean {
  const ajv = new Ajv2020({ strict: false, validateSchema: false, logger: false, ownProperties: true });
  formats.default(ajv);
  const validate = ajv.compile(structuredClone(schema)) as (one: unknown) => boolean;
  return validate(value);
}

/** What becomes of `keyword` of `probe` in `form`. */
export function findOutcome(keyword: string, probe: Probe, form: Form): Finding {
  const compiled = compileProbe(probe, form);
  if (form.strict && !compiled.strict) return { outcome: "refuse", detail: compiled.reason };
  const place = toPlace(compiled, probe);
  if (!Object.hasOwn(probe.schema, keyword)) {
    return Object.hasOwn(place, keyword)
      ? { outcome: "add", detail: toCode(keyword, place[keyword]) }
      : { outcome: "absent", detail: null };
  }
  if (isDeepStrictEqual(place[keyword], probe.schema[keyword])) {
    return { outcome: "keep", detail: stillRefuses(compiled, probe) ? null : "without effect" };
  }
  const detail = toDetail(keyword, place, probe.schema);
  const control = compileSchema(toWhole(probe, keyword), form.provider, form.strict);
  if (place["description"] !== toPlace(control, probe)["description"]) return { outcome: "describe", detail };
  const isSaid = probe.refused === undefined ? Object.hasOwn(place, keyword) : stillRefuses(compiled, probe);
  return { outcome: isSaid ? "rewrite" : "drop", detail };
}

/** Whether what is sent refuses what the keyword refuses, if that is anything. */
export function stillRefuses({ schema }: CompiledSchema, probe: Probe): boolean {
  return probe.refused === undefined || !isValid(schema, toArguments(probe, probe.refused));
}

/** What is sent under the keyword and in its place. */
function toDetail(keyword: string, place: JsonSchema, given: JsonSchema): string | null {
  const others = Object.keys(place).filter((name) => !SHAPE.includes(name) && !Object.hasOwn(given, name));
  const told = [...(Object.hasOwn(place, keyword) ? [keyword] : []), ...others];
  return told.length === 0 || told.length > MAX_KEYWORDS
    ? null
    : told.map((name) => toCode(name, place[name])).join(", ");
}

function toCode(keyword: string, value: unknown): string {
  const json = JSON.stringify(value);
  return json.length > MAX_DETAIL ? `\`${keyword}\`` : `\`${keyword}: ${json}\``;
}
