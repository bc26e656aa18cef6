// The life of a version: staged, active, deprecated, retired, and back. Pure: a change gives another tool.
import { ToolyardError } from "../../errors/toolyard-error.ts";
import type { Change } from "../../ports/catalog-store.ts";
import type { Deprecation, Status } from "../../tool/tool-version.ts";
import { createEntry, findEntry, type Life, type ToolEntry, withChange, withVersion } from "../entry.ts";

type StatusAct = "activate" | "deprecate" | "retire" | "restore";

/** From which states an act leads, and to which. Retiring is the emergency brake: it leads from anywhere. */
const ACTS: Readonly<Record<StatusAct, { readonly from: readonly Status[]; readonly to: Status }>> = {
  activate: { from: ["staged", "active"], to: "active" },
  deprecate: { from: ["active", "deprecated", "retired"], to: "deprecated" },
  retire: { from: ["staged", "active", "deprecated", "retired"], to: "retired" },
  restore: { from: ["active", "deprecated", "retired"], to: "active" },
};

/** How to get from a state to where an act does not lead from it. */
const INSTEAD: Readonly<Partial<Record<Status, string>>> = {
  staged: "activate it first",
  deprecated: "restore makes it active",
  retired: "restore makes it active",
};

export interface StatusChange {
  readonly act: StatusAct;
  readonly change: Change;
  /** Of `deprecate`; the other acts keep it (`retire`) or drop it. */
  readonly deprecation?: Deprecation;
}

/** `tool` after the act; itself when nothing changes. Throws STATE_CONFLICT when the act does not lead from its state. */
export function changeStatus(tool: ToolEntry, version: string, { act, change, deprecation }: StatusChange): ToolEntry {
  const life = findLife(tool, version);
  const { from, to } = ACTS[act];
  if (!from.includes(life.status)) {
    const hint = INSTEAD[life.status];
    throw new ToolyardError(
      "STATE_CONFLICT",
      `${act}: ${tool.name}@${version} is ${life.status}; expected ${from.join(" or ")}${hint === undefined ? "" : `; ${hint}`}`,
    );
  }
  const kept = act === "deprecate" ? (deprecation ?? null) : act === "retire" ? life.deprecation : null;
  if (life.status === to && act !== "deprecate") return tool;
  return withLife(tool, version, { status: to, deprecation: kept, change }, change);
}

/** The state of a version, here or in the store. The version has to be there. */
export function findLife(tool: ToolEntry, version: string): Life {
  const life = findEntry(tool, version) ?? tool.absent.find((absent) => absent.version === version);
  if (life !== undefined) return life;
  throw new ToolyardError("NOT_PUBLISHED", `${tool.name} has no version ${version}`);
}

/** `tool` with another state of one version. */
export function withLife(tool: ToolEntry, version: string, life: Omit<Life, "calledAt">, change: Change): ToolEntry {
  const entry = findEntry(tool, version);
  if (entry !== undefined) {
    const { calledAt } = entry;
    return withChange(tool, change, {
      versions: withVersion(tool.versions, createEntry(entry.tool, { ...life, calledAt })),
    });
  }
  const absent = tool.absent.map((one) => (one.version === version ? { ...one, ...life } : one));
  return withChange(tool, change, { absent });
}
