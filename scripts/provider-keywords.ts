// The page that says what each provider gets for each keyword of JSON Schema, drawn from the compiler's rules. A test
// compares the committed page; `node scripts/provider-keywords.ts` writes it.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { ANTHROPIC_LOOSE, ANTHROPIC_STRICT } from "../src/providers/schema/anthropic-rules.ts";
import { GEMINI_RULES } from "../src/providers/schema/gemini-rules.ts";
import { type Keyword, KEYWORDS } from "../src/providers/schema/keywords.ts";
import { OPENAI_LOOSE, OPENAI_STRICT } from "../src/providers/schema/openai-rules.ts";
import type { SchemaRules, Treatment } from "../src/providers/schema/rules.ts";
import { ROOT } from "./entries.ts";

/** Where the committed page is, from the root of the repository. */
export const KEYWORDS_PAGE = "docs/providers/keywords.md";

const FORMS: readonly SchemaRules[] = [OPENAI_STRICT, OPENAI_LOOSE, ANTHROPIC_STRICT, ANTHROPIC_LOOSE, GEMINI_RULES];

const WORDS: Readonly<Record<Treatment, string>> = {
  keep: "sent",
  rewrite: "rewritten",
  describe: "described",
  refuse: "**not strict**",
  drop: "left out",
};

/** Where one word is not all there is to say. */
const DETAILS: Partial<Record<Keyword, (rules: SchemaRules) => string | null>> = {
  $ref: ({ refs, recursion }) => {
    if (refs === "optional") return "sent where optional, otherwise written out";
    return recursion ? null : "sent; **not strict** when recursive";
  },
  type: ({ mixedTypes }) => (mixedTypes ? null : "sent; several as `anyOf`"),
  enum: ({ enumTypes, closed, maxEnumCharacters }) => {
    if (enumTypes === null) return null;
    if (closed) return "sent; **not strict** with objects";
    return `text and numbers sent, up to ${maxEnumCharacters} characters; others described`;
  },
  const: ({ keywords }) => (keywords.const === "rewrite" ? "sent as `enum`" : null),
  oneOf: ({ keywords }) => (keywords.oneOf === "rewrite" ? "sent as `anyOf`" : null),
  allOf: ({ keywords, closed }) => {
    if (keywords.allOf !== "rewrite") return null;
    return closed ? "merged; **not strict** when its parts differ" : "merged; the first where its parts differ";
  },
  anyOf: ({ closed }) => (closed ? "sent; what stands beside it is merged into each" : null),
  required: ({ optionals }) => (optionals === "null" ? "all; optional ones may be null" : null),
  additionalProperties: ({ closed }) => (closed ? "`false`; **not strict** when open or a map" : null),
  items: ({ closed }) => (closed ? "sent; **not strict** without" : "sent; `{}` without"),
  format: ({ formats }) => (formats === null ? null : `sent: ${[...formats].join(", ")}; others described`),
  pattern: ({ refusedPatterns, keywords }) =>
    refusedPatterns === null || keywords.pattern !== "keep" ? null : "sent; with look-around and the like described",
  minItems: ({ maxMinItems }) => (maxMinItems === null ? null : `0 and ${maxMinItems} sent; others described too`),
  exclusiveMinimum: toBound("minimum"),
  exclusiveMaximum: toBound("maximum"),
};

function toBound(inclusive: string): (rules: SchemaRules) => string | null {
  return ({ keywords }) => (keywords.exclusiveMinimum === "rewrite" ? `sent as \`${inclusive}\`` : null);
}

function toCell(keyword: Keyword, rules: SchemaRules): string {
  const words = WORDS[rules.keywords[keyword]];
  const detail = DETAILS[keyword]?.(rules) ?? words;
  return rules.notAtRoot.has(keyword) && rules.keywords[keyword] === "keep"
    ? `${detail}; at the root described`
    : detail;
}

function toLimits({ name, limits, propertyNames }: SchemaRules): string {
  const names =
    propertyNames === null ? "" : ` Names of properties other than \`${propertyNames.source}\` are replaced.`;
  if (limits === null) return `- ${name}: no limits for one schema.${names}`;
  const { properties, depth, characters, enumValues, largeEnum } = limits;
  return (
    `- ${name}: ${properties} properties, ${depth} levels, ${characters} characters of names and constants, ` +
    `${enumValues} enum values, ${largeEnum.characters} characters in an enum of more than ${largeEnum.values}.${names}`
  );
}

/** The page. */
export function toKeywordsPage(): string {
  const head = ["keyword", ...FORMS.map(({ name }) => name)];
  const rows = (Object.keys(KEYWORDS) as Keyword[]).map((keyword) => [
    `\`${keyword}\``,
    ...FORMS.map((rules) => toCell(keyword, rules)),
  ]);
  const unknown = FORMS.map(({ unknown: treatment }) => (treatment === "keep" ? "sent" : "left out"));
  const table = [head, head.map(() => "---"), ...rows, ["any other", ...unknown]];
  return [
    "# What each provider gets for each keyword",
    "",
    "A tool's input schema is JSON Schema 2020-12 or draft-07. Each provider takes a part of it; the registry validates with",
    "the whole, whatever a model was shown. Made by `node scripts/provider-keywords.ts` from `src/providers/schema/*-rules.ts`.",
    "",
    "- **sent**: as it is. **rewritten**: in another form that says the same or accepts more.",
    "- **described**: as a sentence in the description of its place.",
    "- **not strict**: the tool is sent in the provider's loose form, with the reason in the binding's report.",
    "- **left out**: says nothing about which arguments are valid.",
    "",
    ...table.map((cells) => `| ${cells.join(" | ")} |`),
    "",
    "Objects that say nothing of further properties are closed where a tool is strict, and the report says so. An object",
    "without `properties`, one with `additionalProperties: true` and a map are never closed. Where every property has to be",
    "sent (OpenAI, strict), null stands for one that was left out and is taken out again before the call, unless the",
    "property itself may be null. References are moved to `$defs`; draft-07 and `nullable` are rewritten to 2020-12.",
    "",
    "## Limits",
    "",
    ...FORMS.map(toLimits),
    "",
  ].join("\n");
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  await writeFile(join(ROOT, KEYWORDS_PAGE), toKeywordsPage());
}
