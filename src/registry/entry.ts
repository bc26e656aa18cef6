// A published version with its state, and a tool with its versions. Both immutable: a change makes new ones.
import semver from "semver";
import type { Change } from "../ports/catalog-store.ts";
import type { Deprecation, PublishedTool, Status, ToolDescription } from "../tool/tool-version.ts";
import { compareParsed, type ParsedVersion, parseVersion } from "./parsed-version.ts";
import { NO_STEERING, type Steering } from "./steering.ts";

/** What has become of a version. */
export interface Life {
  readonly status: Status;
  readonly deprecation: Deprecation | null;
  /** Who brought it into this state; at first, who published it. */
  readonly change: Change;
  /** When it was first called, epoch ms, as far as the catalogue knows; null: never. */
  readonly calledAt: number | null;
}

/** A version and what has become of it. */
export interface Entry extends Life {
  readonly tool: PublishedTool;
  /** The version, parsed once. */
  readonly parsed: ParsedVersion;
  /** Whether it is no pre-release. */
  readonly release: boolean;
  /** What readers get; one frozen object per entry, so that caches can hang on it. */
  readonly description: ToolDescription;
}

/** A stored version for which this process has no code: it cannot be called here, and is not lost. */
export interface AbsentVersion extends Life {
  readonly version: string;
  readonly digest: string;
}

/** All versions of one name. */
export interface ToolEntry {
  readonly name: string;
  /** Highest first. */
  readonly versions: readonly Entry[];
  /** Whether all versions say the same of who may use them: then who sees one sees all. */
  readonly sameAccess: boolean;
  /** Grows by one with every change; 0: it was never published. */
  readonly revision: number;
  /** The last change. */
  readonly change: Change;
  readonly absent: readonly AbsentVersion[];
  readonly steering: Steering;
}

export type ToolParts = Partial<Pick<ToolEntry, "revision" | "change" | "absent" | "steering">>;

/** By the program itself, at no known time. */
export const NO_CHANGE: Change = Object.freeze({ at: 0, by: null, reason: null });
const NONE: readonly never[] = Object.freeze([]);

/** The tool of these versions, highest first. */
export function createToolEntry(name: string, versions: readonly Entry[], parts: ToolParts = {}): ToolEntry {
  const { revision = 0, change = NO_CHANGE, absent = NONE, steering = NO_STEERING } = parts;
  return Object.freeze({
    name,
    versions: Object.freeze(versions),
    sameAccess: versions.length <= 1 || haveSameAccess(versions),
    revision,
    change,
    absent,
    steering,
  });
}

function haveSameAccess(versions: readonly Entry[]): boolean {
  return new Set(versions.map(({ tool }) => JSON.stringify(tool.version.access ?? null))).size <= 1;
}

/** An entry in this state. */
export function createEntry(tool: PublishedTool, life: Partial<Life> = {}): Entry {
  const { status = "active", deprecation = null, change = NO_CHANGE, calledAt = null } = life;
  const description: ToolDescription = Object.freeze({ ...tool.version, status, deprecation, breakerState: null });
  const parsed = parseVersion(tool.version.version);
  const release = parsed.prerelease.length === 0;
  return Object.freeze({ tool, status, deprecation, change, calledAt, parsed, release, description });
}

/** `entries` with `entry` in the place of its version, or added. */
export function withVersion(entries: readonly Entry[], entry: Entry): readonly Entry[] {
  const version = entry.tool.version.version;
  const rest = entries.filter((other) => other.tool.version.version !== version);
  const at = rest.findIndex((other) => compareParsed(other.parsed, entry.parsed) < 0);
  return at === -1 ? [...rest, entry] : [...rest.slice(0, at), entry, ...rest.slice(at)];
}

/** Higher versions first. */
export function compareVersions(one: string, other: string): number {
  return semver.rcompare(one, other);
}

/** The entry of exactly this version. */
export function findEntry(tool: ToolEntry, version: string): Entry | undefined {
  return tool.versions.find((entry) => entry.tool.version.version === version);
}

/** `tool` after a change of it: its next revision. */
export function withChange(
  tool: ToolEntry,
  change: Change,
  parts: Partial<Pick<ToolEntry, "versions" | "absent" | "steering">>,
): ToolEntry {
  const { versions, absent, steering } = { ...tool, ...parts };
  return createToolEntry(tool.name, versions, { revision: tool.revision + 1, change, absent, steering });
}
