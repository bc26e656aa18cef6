// The lives of tools as a table: a line for each version, and after it what leads to it.
import type { ToolLife, VersionLife } from "../../index.ts";
import type { Cell, Output } from "../output/index.ts";
import type { Session } from "../verb.ts";

const COLUMNS = [
  { title: "tool" },
  { title: "revision" },
  { title: "version" },
  { title: "state" },
  { title: "leads here" },
  { title: "changed" },
  { title: "by" },
  { title: "why", overflow: "wrap" },
] as const;

/** Prints the lives; with `--json`, as data. */
export function printLife({ output }: Session, lives: readonly ToolLife[]): void {
  if (output.json) output.data(lives);
  else
    output.table(
      COLUMNS,
      lives.flatMap((life) => toRows(life, output)),
    );
}

function toRows(life: ToolLife, { colors }: Output): readonly (readonly Cell[])[] {
  return life.versions.map((version, index) => {
    const { at, by, reason } = version.change;
    return [
      index === 0 ? { text: life.name, paint: colors.cyan } : "",
      index === 0 ? String(life.revision) : "",
      version.version,
      toState(version, colors),
      toPointers(life, version.version).join(", "),
      new Date(at).toISOString().slice(0, 10),
      by ?? "",
      reason ?? "",
    ];
  });
}

function toState({ status, deprecation }: VersionLife, colors: Output["colors"]): Cell {
  const sunsetAt = deprecation?.sunsetAt ?? null;
  const until = sunsetAt === null ? "" : ` until ${new Date(sunsetAt).toISOString().slice(0, 10)}`;
  const paints = { staged: colors.yellow, active: colors.green, deprecated: colors.yellow, retired: colors.dim };
  return { text: `${status}${until}`, paint: paints[status] };
}

function toPointers({ channels, defaults, rollouts }: ToolLife, version: string): readonly string[] {
  return [
    ...channels.filter((pointer) => pointer.version === version).map(({ channel }) => channel),
    ...defaults
      .filter(({ target }) => target === version)
      .map(({ tenant }) => (tenant === null ? "default" : `default of ${tenant}`)),
    ...rollouts
      .filter((rollout) => rollout.version === version)
      .map(({ kind, percent, of, principals, tenants, roles }) => {
        const named = principals.length + tenants.length + roles.length;
        return `${kind} for ${of}: ${percent} %${named > 0 ? ` and ${named} named` : ""}`;
      }),
  ];
}
