// Which version a reference means. The range logic is the `semver` package's; what is ours is the order of preference:
// a pointer that was set, else the highest active version in range, else the highest deprecated one; pre-releases only when
// asked for, staged versions only by their exact version.
// INVARIANT: "agrees with a naive oracle over generated version sets" in resolve-version.test.ts.
import type { ToolRef } from "../tool/tool-ref.ts";
import { type Entry, findEntry, type ToolEntry } from "./entry.ts";
import { compareParsed, toRangeTest } from "./parsed-version.ts";
import { isChannel } from "./steering.ts";

export type Resolution =
  | { readonly ok: true; readonly entry: Entry }
  | {
      readonly ok: false;
      readonly code: "VERSION_NOT_FOUND" | "VERSION_RETIRED";
      readonly message: string;
      /** References that would work, nearest first. */
      readonly suggestions: readonly string[];
    };

/** Resolves `ref` among the versions of its tool, for the principals of `tenant`; null: of none that has a default of its own. */
export function resolveVersion(tool: ToolEntry, ref: ToolRef, tenant: string | null = null): Resolution {
  switch (ref.kind) {
    case "exact":
      return resolveExact(tool, ref);
    case "range": {
      const isIn = toRangeTest(ref.range);
      return resolveHighest(tool, ref, (entry) => isIn(entry.parsed));
    }
    case "channel":
      return resolveChannel(tool, ref, ref.channel);
    case "latest": {
      const { tenants, defaultTo } = tool.steering;
      const target = (tenant === null ? undefined : tenants.get(tenant)) ?? defaultTo ?? "stable";
      return isChannel(target) ? resolveChannel(tool, ref, target) : resolvePointer(tool, ref, target);
    }
  }
}

function resolveExact(tool: ToolEntry, ref: ToolRef & { readonly kind: "exact" }): Resolution {
  const entry = findEntry(tool, ref.version);
  if (entry === undefined) return notFound(tool, ref);
  return entry.status === "retired" ? isRetired(tool, entry) : { ok: true, entry };
}

function resolveChannel(tool: ToolEntry, ref: ToolRef, channel: string): Resolution {
  const pointed = tool.steering.channels.get(channel);
  if (pointed !== undefined) return resolvePointer(tool, ref, pointed);
  return channel === "stable" ? resolveHighest(tool, ref, isRelease) : unknownChannel(tool, channel);
}

/** A pointer means exactly that version: where it cannot be had, no other one answers in its place. */
function resolvePointer(tool: ToolEntry, ref: ToolRef, version: string): Resolution {
  const entry = findEntry(tool, version);
  if (entry?.status === "retired") return isRetired(tool, entry);
  if (entry !== undefined && entry.status !== "staged") return { ok: true, entry };
  const { listed, suggestions } = listUsable(tool);
  // Not which version: it may be one that whoever asks must not know of.
  const message = `${tool.name}: the version that ${JSON.stringify(toText(ref))} stands for cannot be called here; usable: ${listed}.`;
  return { ok: false, code: "VERSION_NOT_FOUND", message, suggestions };
}

function resolveHighest(tool: ToolEntry, ref: ToolRef, fits: (entry: Entry) => boolean): Resolution {
  let deprecated: Entry | null = null;
  let retired: Entry | null = null;
  for (const entry of tool.versions) {
    if (entry.status === "staged" || !fits(entry)) continue;
    if (entry.status === "active") return { ok: true, entry };
    if (entry.status === "deprecated") deprecated ??= entry;
    else retired ??= entry;
  }
  if (deprecated !== null) return { ok: true, entry: deprecated };
  return retired === null ? notFound(tool, ref) : isRetired(tool, retired);
}

function isRelease(entry: Entry): boolean {
  return entry.release;
}

function isUsable({ status }: Entry): boolean {
  return status === "active" || status === "deprecated";
}

function listUsable(tool: ToolEntry): { readonly listed: string; readonly suggestions: readonly string[] } {
  const versions = tool.versions.filter(isUsable).map((entry) => entry.tool.version.version);
  return { listed: shorten(versions), suggestions: versions.slice(0, 3).map((version) => `${tool.name}@${version}`) };
}

function unknownChannel(tool: ToolEntry, channel: string): Resolution {
  const names = [...new Set(["stable", ...tool.steering.channels.keys()])];
  return {
    ok: false,
    code: "VERSION_NOT_FOUND",
    message: `${tool.name} has no channel ${JSON.stringify(channel)}; there is: ${names.join(", ")}.`,
    suggestions: names.slice(0, 3).map((name) => `${tool.name}@${name}`),
  };
}

function notFound(tool: ToolEntry, ref: ToolRef): Resolution {
  const usable = tool.versions.filter(isUsable);
  const { listed, suggestions } = listUsable(tool);
  const hint =
    usable.length > 0 && !usable.some(isRelease)
      ? " There are only pre-releases, which have to be asked for by their version."
      : "";
  return {
    ok: false,
    code: "VERSION_NOT_FOUND",
    message: `${tool.name} has no version for ${JSON.stringify(toText(ref))}; usable: ${listed}.${hint}`,
    suggestions,
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
  const usable = tool.versions.filter(isUsable);
  const candidates = usable.some(isRelease) ? usable.filter(isRelease) : usable;
  const above = candidates.filter((entry) => compareParsed(entry.parsed, retired.parsed) > 0);
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
