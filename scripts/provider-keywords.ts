// The page that says what each provider gets for each keyword of JSON Schema, drawn from what the compiler does with the
// probes of test/providers/keyword-probes.ts. `node scripts/provider-pages.ts` writes it.
import { KEYWORDS } from "../src/providers/schema/keywords.ts";
import {
  PROBED_FORMATS,
  PROBED_NAMES,
  PROBED_PATTERNS,
  PROBES,
  type Probe,
  UNKNOWN_KEYWORD,
  UNKNOWN_PROBE,
} from "../test/providers/keyword-probes.ts";
import { type Finding, findOutcome, type Form, FORMS, type Outcome } from "./provider-findings.ts";
import { findEnumLength, restoresCase, toLimits, toSentName } from "./provider-limits.ts";

/** Where the committed page is, from the root of the repository. */
export const KEYWORDS_PAGE = "docs/providers/keywords.md";

const WORDS: Readonly<Record<Outcome, string>> = {
  keep: "sent",
  rewrite: "rewritten",
  describe: "described",
  refuse: "**not strict**",
  drop: "left out",
  add: "added",
  absent: "–",
};

function toLine(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}

/** As Markdown, a line each. */
export function toTable(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  return [toLine(head), toLine(head.map(() => "---")), ...rows.map(toLine)];
}

/** What came out, and why or as what. */
function toFullCell({ outcome, detail }: Finding): string {
  const word = WORDS[outcome];
  if (detail === null) return word;
  if (outcome === "refuse") return `${word}: ${detail.replaceAll(/\bvalue\b/g, "it")}`;
  return outcome === "keep" ? `${word}, ${detail}` : `${word}: ${detail}`;
}

interface Row {
  readonly probe: Probe;
  readonly findings: readonly Finding[];
}

function toRow(keyword: string, probe: Probe): Row {
  return { probe, findings: FORMS.map((form) => findOutcome(keyword, probe, form)) };
}

/** One word for each form, with a star where the cases say more. */
function toShortCell(cases: readonly Row[], { outcome, detail }: Finding, index: number): string {
  const isOther = (finding: Finding | undefined): boolean =>
    finding !== undefined && finding.outcome !== outcome && finding.outcome !== "absent";
  const star = cases.some(({ findings }) => isOther(findings[index])) ? " \\*" : "";
  return `${WORDS[outcome]}${outcome === "keep" && detail !== null ? `, ${detail}` : ""}${star}`;
}

/** Whether a case of a keyword says what its plainest use does not. */
function isTelling({ findings }: Row, plain: Row): boolean {
  return findings.some(({ outcome }, index) => outcome !== plain.findings[index]?.outcome);
}

function toKeywordTables(): { readonly short: readonly string[]; readonly cases: readonly string[] } {
  const names = FORMS.map(({ rules }) => rules.name);
  const short: string[][] = [];
  const long: string[][] = [];
  for (const keyword of Object.keys(KEYWORDS) as (keyof typeof KEYWORDS)[]) {
    const [first, ...rest] = PROBES[keyword];
    const plain = toRow(keyword, first);
    const cases = rest.map((probe) => toRow(keyword, probe)).filter((row) => isTelling(row, plain));
    short.push([`\`${keyword}\``, ...plain.findings.map((finding, index) => toShortCell(cases, finding, index))]);
    for (const { probe, findings } of cases) long.push([`\`${keyword}\` ${probe.title}`, ...findings.map(toFullCell)]);
  }
  const unknown = toRow(UNKNOWN_KEYWORD, UNKNOWN_PROBE).findings.map((finding) => toShortCell([], finding, 0));
  return {
    short: toTable(["keyword", ...names], [...short, ["any other", ...unknown]]),
    cases: toTable(["keyword", ...names], long),
  };
}

/** For each text what becomes of `keyword` when it is its value. */
function toValueTable(keyword: string, values: readonly string[]): readonly string[] {
  const rows = values.map((value) => {
    const probe: Probe = { title: value, at: "property", schema: { type: "string", [keyword]: value } };
    return [`\`${value}\``, ...toRow(keyword, probe).findings.map(toFullCell)];
  });
  return toTable([keyword, ...FORMS.map(({ rules }) => rules.name)], rows);
}

function toNameTable(): readonly string[] {
  const toShown = (name: string): string =>
    `\`${name.length > 24 ? `${name.length} characters` : JSON.stringify(name)}\``;
  const rows = PROBED_NAMES.map((name) => [
    toShown(name),
    ...FORMS.map((form) => {
      const sent = toSentName(name, form);
      return sent === name ? "as it is" : toShown(sent);
    }),
  ]);
  return toTable(["name", ...FORMS.map(({ rules }) => rules.name)], rows);
}

function toLimitLine(form: Form): string {
  const length = findEnumLength(form);
  const limits = [
    toLimits(form) ?? "no limits for one schema",
    ...(length === null
      ? []
      : [`longer lists of constants than ${length.toLocaleString("en")} characters are described`]),
    ...(restoresCase(form) ? ["constants that come in another case are put right"] : []),
  ];
  return `- ${form.rules.name}: ${limits.join("; ")}.`;
}

/** The page. */
export function toKeywordsPage(): string {
  const { short, cases } = toKeywordTables();
  return [
    "# What each provider gets for each keyword",
    "",
    "A tool's input schema is JSON Schema 2020-12 or draft-07. Each provider takes a part of it; the registry validates with",
    "the whole, whatever a model was shown. [Whole schemas, one by one](schemas.md) shows the same for exotic schemas. Both",
    "pages are what the compiler did when `node scripts/provider-pages.ts` ran it; a test holds them to what it does now.",
    "",
    "- **sent**: as it is. **rewritten**: in another form that says the same or accepts more.",
    "- **described**: as a sentence in the description of its place.",
    "- **not strict**: the tool is sent in the provider's loose form, with the reason in the binding's report.",
    "- **left out**: nothing is sent for it. **added**: sent where the schema has none.",
    "- \\*: not in every case; [the cases](#cases) follow.",
    "",
    ...short,
    "",
    "Objects that say nothing of further properties are closed where a tool is strict, and the report says so. An object",
    "without `properties`, one with `additionalProperties: true` and a map are never closed. Where every property has to be",
    "sent (OpenAI, strict), null stands for one that was left out and is taken out again before the call, unless the",
    "property itself may be null. References are moved to `$defs`; draft-07 and `nullable` are rewritten to 2020-12.",
    "",
    "## Cases",
    "",
    ...cases,
    "",
    "## Formats",
    "",
    ...toValueTable("format", PROBED_FORMATS),
    "",
    "## Patterns",
    "",
    ...toValueTable("pattern", PROBED_PATTERNS),
    "",
    "## Names of properties",
    "",
    "A name that a provider does not take is sent as another one, and is the tool's own again before the call.",
    "",
    ...toNameTable(),
    "",
    "## Limits",
    "",
    ...FORMS.map(toLimitLine),
    "",
  ].join("\n");
}
