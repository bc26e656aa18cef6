// The page of exotic schemas: for each row of the matrix of test/providers/schema-matrix.ts what the compiler makes of it for
// each provider. `node scripts/provider-pages.ts` writes it; the matrix test holds the same to what a person expects.
import { isDeepStrictEqual } from "node:util";
import { ANTHROPIC } from "../src/providers/schema/anthropic-rules.ts";
import { compileSchema } from "../src/providers/schema/compile-schema.ts";
import { type CompiledSchema, formatChange } from "../src/providers/schema/compiled-schema.ts";
import { GEMINI } from "../src/providers/schema/gemini-rules.ts";
import { OPENAI } from "../src/providers/schema/openai-rules.ts";
import type { ProviderRules } from "../src/providers/schema/rules.ts";
import { createRegistry, defineTool, ToolyardError } from "../src/index.ts";
import type { JsonSchema } from "../src/tool/schema/schema.ts";
import { MATRIX } from "../test/providers/schema-matrix.ts";
import type { MatrixRow } from "../test/providers/schema-matrix-parts.ts";
import { toTable } from "./provider-keywords.ts";

/** Where the committed page is, from the root of the repository. */
export const SCHEMAS_PAGE = "docs/providers/schemas.md";

const PROVIDERS: readonly ProviderRules[] = [OPENAI, ANTHROPIC, GEMINI];
const MAX_SCHEMA = 600;
const MAX_PROBLEM = 240;

interface Answer {
  readonly provider: ProviderRules;
  readonly compiled: CompiledSchema;
}

function toAnswers({ schema }: MatrixRow): readonly Answer[] {
  return PROVIDERS.map((provider) => ({
    provider,
    compiled: compileSchema(schema, provider, provider.strict !== null),
  }));
}

/** `schema` on one line, cut when it is long. */
function toCompact(schema: JsonSchema): string {
  const json = JSON.stringify(schema);
  return json.length > MAX_SCHEMA
    ? `${json.slice(0, MAX_SCHEMA)}… (${json.length.toLocaleString("en")} characters)`
    : json;
}

function toWord({ provider, compiled }: Answer): string {
  if (provider.strict === null) return "–";
  return compiled.strict ? "strict" : "not strict";
}

/** As the heading's link on GitHub: letters and digits, with a hyphen for each space. */
export function toAnchor(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
    .replaceAll(" ", "-");
}

/** The end of `text`, where it is told what is wrong; what comes before is a path. */
function cutStart(text: string): string {
  return text.length > MAX_PROBLEM ? `…${text.slice(-MAX_PROBLEM)}` : text;
}

/** In code, so that no sign of a name is read as one of Markdown or HTML. */
function toCode(text: string): string {
  return text.includes("`") ? `\`\` ${text} \`\`` : `\`${text}\``;
}

/** What becomes of a schema of which no change tells. */
function toSame(schema: JsonSchema, compiled: CompiledSchema): string {
  return isDeepStrictEqual(compiled.schema, schema) ? "as it is" : "in other words";
}

function toChanges(schema: JsonSchema, compiled: CompiledSchema): string {
  const told = compiled.changes.map((change) => `${change.what} ${toCode(formatChange(change))}`);
  return told.length === 0 ? toSame(schema, compiled) : told.join("<br>");
}

/** Why a definition with the schema is refused, if it is; the compiler is held to it all the same. */
function toRefusal({ schema }: MatrixRow): readonly string[] {
  const tool = { name: "a", version: "1.0.0", description: "A", effect: "read", input: schema } as const;
  try {
    createRegistry({ tools: [defineTool({ ...tool, handler: () => null })] });
    return [];
  } catch (error) {
    if (!(error instanceof ToolyardError)) throw error;
    const problems = error.message.split("\n").slice(1);
    const words = problems.map((problem) => toCode(cutStart(problem.trim().replace("a@1.0.0: ", "")))).join("<br>");
    return [`**Refused when a tool is defined**: ${words}`, ""];
  }
}

function toSection(row: MatrixRow): readonly string[] {
  const rows = toAnswers(row).map((answer) => {
    const { reason } = answer.compiled;
    const strict = reason === null ? toWord(answer) : `${toWord(answer)}: ${toCode(reason)}`;
    return [answer.provider.name, strict, toChanges(row.schema, answer.compiled)];
  });
  return [
    `### ${row.name}`,
    "",
    "```json",
    toCompact(row.schema),
    "```",
    "",
    ...toTable(["provider", "strict", "changes"], rows),
    "",
    ...toRefusal(row),
    ...(row.untold === undefined ? [] : [`**Not told**: ${row.untold.words}`, ""]),
  ];
}

/** What became of it, in a few words. */
function toOutcome({ schema, untold }: MatrixRow, { provider, compiled }: Answer): string {
  const { length } = compiled.changes;
  const changes = length === 0 ? toSame(schema, compiled) : `${length} ${length === 1 ? "change" : "changes"}`;
  const star = untold === undefined ? "" : " \\*";
  return `${provider.strict === null ? "" : `${toWord({ provider, compiled })}, `}${changes}${star}`;
}

function toSummary(row: MatrixRow): readonly string[] {
  return [`[${row.name}](#${toAnchor(row.name)})`, ...toAnswers(row).map((answer) => toOutcome(row, answer))];
}

/** The page. */
export function toSchemasPage(): string {
  return [
    "# What each provider gets of whole schemas",
    "",
    `${MATRIX.length} schemas that are not simple, each as OpenAI and Anthropic get it when strict tools are asked for, and as Gemini,`,
    "which has none, does. [What each provider gets for each keyword](keywords.md) is the summary. Made by",
    "`node scripts/provider-pages.ts`, which runs the compiler; what is expected of each schema is written by hand in",
    "`test/providers/schema-matrix*.ts`.",
    "",
    "A change is what a binding's report says of a tool: the place, and what became of the keyword. `a.b` is a property,",
    "`a[]` an item, `a{}` a member of a map, `a|0` an alternative, `#a` a definition. `widened` and `described` mean that a",
    "model can send what the registry then refuses, with the reason.",
    "",
    "- **as it is**: what is sent is the schema. **in other words**: what is sent differs, and says the same.",
    "- \\*: more is lost than is told; what, stands under the schema.",
    "",
    ...toTable(["schema", ...PROVIDERS.map(({ name }) => name)], MATRIX.map(toSummary)),
    "",
    "## The schemas",
    "",
    ...MATRIX.flatMap(toSection),
  ]
    .join("\n")
    .replace(/\n+$/, "\n");
}
