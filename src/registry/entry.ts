// A published version with its state, and a tool with its versions. Both immutable: a change makes new ones.
import semver from "semver";
import type { Deprecation, PublishedTool, Status, ToolDescription } from "../tool/tool-version.ts";

/** A version and what has become of it. */
export interface Entry {
  readonly tool: PublishedTool;
  readonly status: Status;
  readonly deprecation: Deprecation | null;
  /** The version, parsed once: a range is tested against every version of its tool. */
  readonly parsed: semver.SemVer;
  /** Whether it is no pre-release. */
  readonly release: boolean;
  /** What readers get; one frozen object per entry, so that caches can hang on it. */
  readonly description: ToolDescription;
}

/** All versions of one name. */
export interface ToolEntry {
  readonly name: string;
  /** Highest first. */
  readonly versions: readonly Entry[];
  /** Whether all versions say the same of who may use them: then who sees one sees all. */
  readonly sameAccess: boolean;
}

/** The tool of these versions, highest first. */
export function createToolEntry(name: string, versions: readonly Entry[]): ToolEntry {
  const accesses = new Set(versions.map(({ tool }) => JSON.stringify(tool.version.access ?? null)));
  return Object.freeze({ name, versions: Object.freeze(versions), sameAccess: accesses.size <= 1 });
}

/** An entry in this state. */
export function createEntry(
  tool: PublishedTool,
  status: Status = "active",
  deprecation: Deprecation | null = null,
): Entry {
  const description: ToolDescription = Object.freeze({ ...tool.version, status, deprecation, breakerState: null });
  const parsed = new semver.SemVer(tool.version.version);
  return Object.freeze({ tool, status, deprecation, parsed, release: parsed.prerelease.length === 0, description });
}

/** `entries` with `entry` in the place of its version, or added. */
export function withVersion(entries: readonly Entry[], entry: Entry): readonly Entry[] {
  const version = entry.tool.version.version;
  const rest = entries.filter((other) => other.tool.version.version !== version);
  const at = rest.findIndex((other) => semver.compare(other.parsed, entry.parsed) < 0);
  return at === -1 ? [...rest, entry] : [...rest.slice(0, at), entry, ...rest.slice(at)];
}
