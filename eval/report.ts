// An evaluation for people, at most 100 columns wide. Long lists of names end after twenty; `--json` has all.
import type { Colors } from "../src/cli/output/colors.ts";
import { type Column, toTable } from "../src/cli/output/table.ts";
import { countBy } from "./count-by.ts";
import type { Evaluation, ProviderFigures } from "./evaluate.ts";
import type { ProviderCalls } from "./evaluate-calls.ts";
import { formatCount, formatShare, type Target } from "./target.ts";

const WIDTH = 100;
const MOST_NAMES = 20;

type Row = readonly string[];
type Line = readonly [what: string, count: number];

export function formatReport(evaluation: Evaluation, targets: readonly Target[], colors: Colors): string {
  const { corpus, calls } = evaluation;
  const counts = [
    `${formatCount(corpus.definitions)} definitions under ${formatCount(corpus.names)} names`,
    `${formatCount(corpus.questions)} questions`,
    `${formatCount(calls.groundTruth)} ground-truth calls`,
    `${formatCount(corpus.files)} files`,
  ];
  return [
    counts.join(", "),
    formatTargets(targets, colors),
    formatSection("Definitions", DEFINITION_COLUMNS, toDefinitionRows(evaluation), colors),
    formatSection(
      "Strict forms",
      FORM_COLUMNS,
      evaluation.providers.flatMap((one) => toFormRows(one, evaluation)),
      colors,
    ),
    formatSection("Ground-truth calls", CALL_COLUMNS, calls.providers.map(toCallRow), colors),
    formatSection("How the calls came about", DEFINITION_COLUMNS, toOriginRows(evaluation), colors),
    ...toNames(evaluation),
  ].join("\n\n");
}

function formatTargets(targets: readonly Target[], colors: Colors): string {
  const rows = targets.map(({ name, measured, target, holds }) => [
    name,
    measured,
    target,
    holds ? { text: "✓ holds", paint: colors.green } : { text: "✗ MISSED", paint: colors.red },
  ]);
  return toTable(
    [
      { title: "target", overflow: "wrap" },
      { title: "measured", align: "right" },
      { title: "target", align: "right" },
      { title: "" },
    ],
    rows,
    WIDTH,
    colors,
  );
}

function formatSection(title: string, columns: readonly Column[], rows: readonly Row[], colors: Colors): string {
  return `${colors.bold(title)}\n${toTable(columns, rows, WIDTH, colors)}`;
}

const DEFINITION_COLUMNS: readonly Column[] = [
  { title: "what", overflow: "wrap" },
  { title: "count", align: "right" },
];

function toLines(lines: readonly Line[]): readonly Row[] {
  return lines.map(([what, count]) => [what, formatCount(count)]);
}

function toDefinitionRows({ registered, refused, notes, expressible, inexpressible }: Evaluation): readonly Row[] {
  return toLines([
    ["registered", registered],
    ["refused", refused.length],
    ...notes.map(({ what, count }): Line => [`normalised: ${what}`, count]),
    ["strict mode can express it", expressible],
    ...inexpressible.map(({ what, count }): Line => [`strict mode cannot express it: ${what}`, count]),
  ]);
}

const FORM_COLUMNS: readonly Column[] = [
  { title: "provider" },
  { title: "form", overflow: "wrap" },
  { title: "count", align: "right" },
  { title: "of all", align: "right" },
];

function toFormRows(
  { provider, hasStrict, strict, reasons }: ProviderFigures,
  { registered }: Evaluation,
): readonly Row[] {
  const lines: readonly Line[] = hasStrict
    ? [["strict", strict], ...reasons.map(({ what, count }): Line => [`not strict: … ${what}`, count])]
    : [["converted (there are no strict tools)", registered]];
  return lines.map(([what, count]) => [provider, what, formatCount(count), formatShare(count, registered)]);
}

const CALL_COLUMNS: readonly Column[] = [
  { title: "provider" },
  { title: "survived", align: "right" },
  ...["unsendable", "refused", "changed"].map((title): Column => ({ title, align: "right" })),
];

/** A call counts as survived when all its variants did; the others are counted by variant. */
function toCallRow({ provider, survived, misses }: ProviderCalls): Row {
  const fates = (["unsendable", "refused", "changed"] as const).map((fate) =>
    formatCount(misses.filter((miss) => miss.fate === fate).length),
  );
  return [provider, formatCount(survived), ...fates];
}

function toOriginRows({ calls }: Evaluation): readonly Row[] {
  const { groundTruth, valid, variants, validVariants, unfit, undescribed } = calls;
  return toLines([
    ["ground-truth calls", groundTruth],
    ["valid under the tool's own schema in a variant", valid],
    ...countBy(unfit.map(({ reason }) => reason)).map(({ what, count }): Line => [
      `not valid, not counted: ${what}`,
      count,
    ]),
    ["variants built", variants],
    ["variants that are valid, each sent through every provider", validVariants],
    ["arguments left out because their definition does not describe them", undescribed],
  ]);
}

function toNames({ refused, providers, calls }: Evaluation): readonly string[] {
  const lists = [
    ["Refused at registration", refused.map(({ tool, why }) => `${tool}: ${why === "" ? "no reason given" : why}`)],
    ...providers.flatMap(({ provider, ...figures }) =>
      (
        [
          [`Can be strict for ${provider}, and was refused`, figures.refused],
          [`Strict for ${provider}, though it cannot be`, figures.overclaimed],
          [`Not in the published subset of ${provider}`, figures.objections],
          [`Changed by ${provider}'s own converter`, figures.converted ?? []],
        ] as const
      ).map(([title, named]) => [title, named.map(({ tool, why }) => `${tool}: ${why}`)] as const),
    ),
    ...calls.providers.map(
      ({ provider, misses }) =>
        [
          `Did not survive ${provider}`,
          misses.map(({ call, tool, variant, fate, detail }) => `${call} ${tool} (${variant}) ${fate}: ${detail}`),
        ] as const,
    ),
  ] as const;
  return lists.flatMap(([title, names]) => (names.length === 0 ? [] : [formatNames(title, names)]));
}

function formatNames(title: string, names: readonly string[]): string {
  const shown = names
    .slice(0, MOST_NAMES)
    .map((name) => `  ${name.length > WIDTH - 2 ? `${name.slice(0, WIDTH - 3)}…` : name}`);
  const more =
    names.length > MOST_NAMES ? [`  … and ${formatCount(names.length - MOST_NAMES)} more, all in --json`] : [];
  return [`${title}:`, ...shown, ...more].join("\n");
}
