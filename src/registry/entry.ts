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
}

/** An entry in this state. */
export function createEntry(
  tool: PublishedTool,
  status: Status = "active",
  deprecation: Deprecation | null = null,
): Entry {
  const description: ToolDescription = Object.freeze({ ...tool.version, status, deprecation });
  const parsed = new semver.SemVer(tool.version.version);
  return Object.freeze({ tool, status, deprecation, parsed, release: parsed.prerelease.length === 0, description });
}

/** `entries` with `entry` in the place of its version, or added. */
export function withVersion(entries: readonly Entry[], entry: Entry): readonly Entry[] {
  const version = entry.tool.version.version;
  const rest = entries.filter((other) => other.tool.version.version !== version);
  const at = rest.findIndex((other) => semver.compare(other.parsed, entry.parsed) < 0);
  return Object.freeze(at === -1 ? [...rest, entry] : [...rest.slice(0, at), entry, ...rest.slice(at)]);
}
