// Section 6: several versions of one tool, and what a reference resolves to.
import { PEOPLE, type Section, type Stage } from "../section.ts";

interface Row {
  readonly ref: string;
  /** The version that answered; null when none did. */
  readonly version: string | null;
  /** The output, or why there is none. */
  readonly answer: string;
  readonly warning: string | null;
}

/** References and the version each has to come to. */
const EXPECTED: readonly (readonly [ref: string, version: string | null])[] = [
  ["units.convert", "2.0.0"],
  ["units.convert@^1", "1.2.0"],
  ["units.convert@2", "2.0.0"],
  ["units.convert@>=2.1.0-rc.0", "2.1.0-rc.1"],
  ["units.convert@1.0.0", null],
  ["units.convert@^3", null],
];

export async function showVersions({ registry }: Stage): Promise<Section> {
  const rows: Row[] = [];
  for (const [ref] of EXPECTED) rows.push(await resolve(registry, ref));
  const versions = registry.versions("units.convert").map(({ version, status }) => ({ version, status }));
  const byRef = new Map(rows.map((row) => [row.ref, row]));
  return {
    title: "Versions and ranges",
    explanation:
      "units.convert has four versions; 2.0.0 renamed an argument. Callers of version 1 go on with their range, " +
      "and are told that it is deprecated, since when there is something better, and until when it works.",
    data: { versions, rows },
    claims: [
      {
        text: "Each reference came to the version it should, or to none.",
        holds: EXPECTED.every(([ref, version]) => byRef.get(ref)?.version === version),
      },
      {
        text: "Only the deprecated version answered with a warning, which names the day it will stop.",
        holds: rows.every((row) => (row.warning === null) === (row.version !== "1.2.0")),
      },
      {
        text: "A version that is retired, and a range that nothing is in, were refused with what would work instead.",
        holds: rows
          .filter(({ version }) => version === null)
          .every(({ answer }) => /^VERSION_\w+; try units\.convert@|^VERSION_\w+; try \d/.test(answer)),
      },
    ],
    show({ table, line, paragraph, colors }) {
      paragraph(versions.map(({ version, status }) => `${version} (${status})`).join("  "));
      line();
      table(
        [
          { title: "asked for" },
          { title: "got" },
          { title: "10 km in miles", overflow: "wrap" },
          { title: "warning", overflow: "wrap" },
        ],
        rows.map((row) => [
          row.ref,
          { text: row.version ?? "–", paint: row.version === null ? colors.red : colors.green },
          row.answer,
          { text: row.warning ?? "", paint: colors.yellow },
        ]),
      );
    },
  };
}

async function resolve(registry: Stage["registry"], ref: string): Promise<Row> {
  const quantity = /@(?:\^1|1)/.test(ref) ? "amount" : "value";
  const outcome = await registry.execute(ref, { [quantity]: 10, from: "km", to: "mile" }, { principal: PEOPLE.user });
  if (!outcome.ok) {
    const { code, suggestions } = outcome.error;
    return { ref, version: null, answer: `${code}; try ${suggestions.join(" or ")}`, warning: null };
  }
  const [warning] = outcome.meta.warnings;
  const until =
    warning?.sunsetAt === null || warning === undefined
      ? ""
      : ` until ${new Date(warning.sunsetAt).toISOString().slice(0, 10)}`;
  return {
    ref,
    version: outcome.meta.version,
    answer: String((outcome.output as { value: number }).value),
    warning: warning === undefined ? null : `${warning.code}${until}`,
  };
}
