// Which version a reference means. The range logic is the `semver` package's; what is ours is the order of preference:
// the highest active version in range, else the highest deprecated one; pre-releases only when asked for.
// INVARIANT: "agrees with a naive oracle over generated version sets" in resolve-version.test.ts.
import semver from "semver";
import type { ToolRef } from "../tool/tool-ref.ts";
import type { Entry, ToolEntry } from "./entry.ts";

export type Resolution =
  | { readonly ok: true; readonly entry: Entry }
  | {
      readonly ok: false;
      readonly code: "VERSION_NOT_FOUND" | "VERSION_RETIRED";
      readonly message: string;
      /** References that would work, nearest first. */
      readonly suggestions: readonly string[];
    };

/** Resolves `ref` among the versions of its tool. */
export function resolveVersion(tool: ToolEntry, ref: ToolRef): Resolution {
  const inRange = toFilter(ref);
  if (inRange === null) return unknownChannel(tool, ref);
  let deprecated: Entry | null = null;
  let retired: Entry | null = null;
  for (const entry of tool.versions) {
    if (!inRange(entry)) continue;
    if (entry.status === "active") return { ok: true, entry };
    if (entry.status === "deprecated") deprecated ??= entry;
    else retired ??= entry;
  }
  if (deprecated !== null) return { ok: true, entry: deprecated };
  return retired === null ? notFound(tool, ref) : isRetired(tool, retired);
}

type Filter = (entry: Entry) => boolean;

function toFilter(ref: ToolRef): Filter | null {
  switch (ref.kind) {
    case "latest":
      return isRelease;
    case "channel":
      return ref.channel === "stable" ? isRelease : null;
    case "exact":
      return (entry) => entry.tool.version.version === ref.version;
    case "range": {
      const range = new semver.Range(ref.range);
      return (entry) => range.test(entry.parsed);
    }
  }
}

function isRelease(entry: Entry): boolean {
  return entry.release;
}

function unknownChannel(tool: ToolEntry, ref: ToolRef): Resolution {
  const channel = ref.kind === "channel" ? ref.channel : "";
  return {
    ok: false,
    code: "VERSION_NOT_FOUND",
    message: `${tool.name} has no channel ${JSON.stringify(channel)}; there is: stable.`,
    suggestions: [`${tool.name}@stable`],
  };
}

function notFound(tool: ToolEntry, ref: ToolRef): Resolution {
  const usable = tool.versions.filter((entry) => entry.status !== "retired");
  const listed = usable.map((entry) => entry.tool.version.version);
  const releases = usable.some(isRelease);
  const hint =
    listed.length > 0 && !releases ? " There are only pre-releases, which have to be asked for by their version." : "";
  return {
    ok: false,
    code: "VERSION_NOT_FOUND",
    message: `${tool.name} has no version for ${JSON.stringify(toText(ref))}; usable: ${shorten(listed)}.${hint}`,
    suggestions: listed.slice(0, 3).map((version) => `${tool.name}@${version}`),
  };
}

function isRetired(tool: ToolEntry, retired: Entry): Resolution {
  const version = retired.tool.version.version;
  const successor = retired.deprecation?.successor ?? null;
  const nearest = findAlternative(tool, retired);
  const suggestions = [
    ...(successor === null ? [] : [successor]),
    ...(nearest === null ? [] : [`${tool.name}@${nearest}`]),
  ];
  const instead = suggestions[0] === undefined ? "There is no other version." : `Use ${suggestions[0]}.`;
  return {
    ok: false,
    code: "VERSION_RETIRED",
    message: `${tool.name}@${version} is retired. ${instead}`,
    suggestions: [...new Set(suggestions)],
  };
}

/** The lowest usable version above the retired one, else the highest below it; releases before pre-releases. */
function findAlternative(tool: ToolEntry, retired: Entry): string | null {
  const usable = tool.versions.filter((entry) => entry.status !== "retired");
  const candidates = usable.some(isRelease) ? usable.filter(isRelease) : usable;
  const above = candidates.filter((entry) => semver.gt(entry.parsed, retired.parsed));
  return (above.at(-1) ?? candidates[0])?.tool.version.version ?? null;
}

function toText(ref: ToolRef): string {
  switch (ref.kind) {
    case "latest":
      return "latest";
    case "exact":
      return ref.version;
    case "range":
      return ref.range;
    case "channel":
      return ref.channel;
  }
}

function shorten(versions: readonly string[]): string {
  if (versions.length === 0) return "none";
  const shown = versions.slice(0, 5).join(", ");
  return versions.length > 5 ? `${shown} and ${versions.length - 5} more` : shown;
}
