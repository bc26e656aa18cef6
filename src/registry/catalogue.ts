// The writing side of the registry: publish, unregister and the life of a version. Every change makes one new snapshot
// and swaps it in at once, so a reader sees all of a change or nothing.
import { toProblemsError, ToolyardError, type Problem } from "../errors/toolyard-error.ts";
import { findNearest } from "../kernel/nearest.ts";
import { parseToolRef } from "../tool/tool-ref.ts";
import type { Deprecation, PublishedTool, Status } from "../tool/tool-version.ts";
import { createEntry, createToolEntry, withVersion, type Entry, type ToolEntry } from "./entry.ts";
import { createSnapshot, type Snapshot } from "./snapshot.ts";

export interface Catalogue {
  readonly snapshot: Snapshot;
  /** Publishes all or none. Throws ALREADY_PUBLISHED when a version exists with another digest. */
  publish(tools: readonly PublishedTool[]): readonly Entry[];
  /** Removes `name` or `name@version`; what was removed. */
  remove(ref: string): readonly Entry[];
  /** Sets the state of an exact version. Throws NOT_PUBLISHED. */
  setStatus(ref: string, status: Status, deprecation: Deprecation | null): Entry;
}

/** Creates an empty catalogue. */
export function createCatalogue(): Catalogue {
  let snapshot = createSnapshot();

  const swap = (changes: ReadonlyMap<string, ToolEntry | null>): void => {
    snapshot = createSnapshot(snapshot.table.with(changes));
  };

  return {
    get snapshot() {
      return snapshot;
    },

    publish(tools) {
      const { entries, changes } = collectChanges(snapshot, tools);
      if (changes.size > 0) swap(changes);
      return entries;
    },

    remove(ref) {
      const parsed = parseToolRef(ref);
      if (!parsed.ok) throw new ToolyardError("NOT_PUBLISHED", `Cannot unregister: ${parsed.message}`);
      const { name, kind } = parsed.ref;
      const tool = snapshot.get(name);
      if (kind !== "latest" && kind !== "exact") {
        throw new ToolyardError(
          "NOT_PUBLISHED",
          `Cannot unregister ${JSON.stringify(ref)}: expected a name, or a name and an exact version such as "${name}@1.2.0"`,
        );
      }
      if (tool === undefined) return [];
      const exact = parsed.ref.kind === "exact" ? parsed.ref.version : null;
      const removed = tool.versions.filter((entry) => exact === null || entry.tool.version.version === exact);
      if (removed.length === 0) return [];
      const left = tool.versions.filter((entry) => !removed.includes(entry));
      swap(new Map([[name, left.length === 0 ? null : createToolEntry(name, left)]]));
      return removed;
    },

    setStatus(ref, status, deprecation) {
      const { tool, entry } = findExact(snapshot, ref);
      const changed = createEntry(entry.tool, status, deprecation);
      swap(new Map([[tool.name, createToolEntry(tool.name, withVersion(tool.versions, changed))]]));
      return changed;
    },
  };
}

interface Changes {
  /** One for each tool, in order. */
  readonly entries: readonly Entry[];
  /** The tools that are not as they were. */
  readonly changes: ReadonlyMap<string, ToolEntry>;
}

/** What publishing `tools` comes to; throws when one of them cannot be. */
function collectChanges(snapshot: Snapshot, tools: readonly PublishedTool[]): Changes {
  const changes = new Map<string, ToolEntry>();
  const problems: Problem[] = [];
  const entries: Entry[] = [];
  for (const tool of tools) {
    const { name, version, digest } = tool.version;
    const versions = (changes.get(name) ?? snapshot.get(name))?.versions ?? [];
    const existing = versions.find((entry) => entry.tool.version.version === version);
    if (existing === undefined) {
      const entry = createEntry(tool);
      entries.push(entry);
      changes.set(name, createToolEntry(name, withVersion(versions, entry)));
    } else if (
      // The same content again is no change (a module loaded twice); other content under a published version is.
      existing.tool.version.digest === digest &&
      existing.tool.definition.handler === tool.definition.handler
    ) {
      entries.push(existing);
    } else {
      problems.push({ path: `${name}@${version}`, message: alreadyPublished(existing, digest) });
    }
  }
  if (problems.length > 0) {
    throw toProblemsError("ALREADY_PUBLISHED", "A published version is immutable; nothing was registered.", problems);
  }
  return { entries, changes };
}

function alreadyPublished(existing: Entry, digest: string): string {
  if (existing.tool.version.digest === digest) {
    return "is published with the same definition and another handler; unregister it first, or raise the version";
  }
  const published = existing.tool.version.digest.slice(0, 19);
  return `is published with other content (${published}…, received ${digest.slice(0, 19)}…); raise the version`;
}

function findExact(snapshot: Snapshot, ref: string): { tool: ToolEntry; entry: Entry } {
  const parsed = parseToolRef(ref);
  if (!parsed.ok) throw new ToolyardError("NOT_PUBLISHED", parsed.message);
  const tool = snapshot.get(parsed.ref.name);
  if (tool === undefined) {
    const names = snapshot.tools.map(({ name }) => name);
    const near = findNearest(parsed.ref.name, names);
    const hint = near.length > 0 ? `; did you mean ${near.join(", ")}?` : "";
    throw new ToolyardError("NOT_PUBLISHED", `There is no tool ${JSON.stringify(parsed.ref.name)}${hint}`);
  }
  const versions = tool.versions.map((entry) => entry.tool.version.version);
  if (parsed.ref.kind !== "exact") {
    throw new ToolyardError(
      "NOT_PUBLISHED",
      `${JSON.stringify(ref)} is not an exact version; expected ${tool.name}@ and one of ${versions.join(", ")}`,
    );
  }
  const wanted = parsed.ref.version;
  const entry = tool.versions.find((candidate) => candidate.tool.version.version === wanted);
  if (entry === undefined) {
    throw new ToolyardError("NOT_PUBLISHED", `${tool.name} has no version ${wanted}; there is ${versions.join(", ")}`);
  }
  return { tool, entry };
}
