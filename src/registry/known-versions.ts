// A tool as a whole, for decisions about versions of which this process has no code: their definitions are enough to decide, and to
// compare contracts. Never seen by readers, and never called.
import type { PublishedTool, ToolVersion } from "../tool/tool-version.ts";
import { createEntry, createToolEntry, type Entry, type ToolEntry, withVersion } from "./entry.ts";

/** `tool` with an entry for each of `definitions`, which are of absent versions. */
export function withKnownVersions(tool: ToolEntry, definitions: ReadonlyMap<string, ToolVersion>): ToolEntry {
  if (definitions.size === 0) return tool;
  let versions: readonly Entry[] = tool.versions;
  for (const absent of tool.absent) {
    const definition = definitions.get(absent.version);
    if (definition === undefined) continue;
    const version = { ...definition, digest: absent.digest };
    versions = withVersion(versions, createEntry({ version } as unknown as PublishedTool, absent));
  }
  return createToolEntry(tool.name, versions, tool);
}

/** The way back after a change: `after` came of `withKnownVersions(before, …)`. */
export function withoutKnownVersions(after: ToolEntry, before: ToolEntry): ToolEntry {
  const isAbsent = (version: string): boolean => before.absent.some((absent) => absent.version === version);
  const lives = new Map(after.versions.map((entry) => [entry.tool.version.version, entry]));
  const absent = before.absent.map((one) => {
    const { status, deprecation, change } = lives.get(one.version) ?? one;
    return { ...one, status, deprecation, change };
  });
  const versions = after.versions.filter((entry) => !isAbsent(entry.tool.version.version));
  return createToolEntry(after.name, versions, { ...after, absent });
}
