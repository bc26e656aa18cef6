// Code goes out of a registry. What a store keeps of it stays: deleting is another act.
import { ToolyardError } from "../../errors/toolyard-error.ts";
import type { Environment } from "../../pipeline/environment.ts";
import { createToolEntry, type Entry, type ToolEntry, withoutHidden } from "../../registry/index.ts";
import { parseToolRef } from "../../tool/tool-ref.ts";
import type { Registry } from "../registry.ts";
import { type ActBasis, readActOptions } from "./act-options.ts";
import { type CatalogueParts, toRecordParts } from "./commit-publication.ts";
import { checkRevision } from "./tool-writer.ts";

/** `registry.unregister`. */
export function createUnregister({ environment, emitter, writer }: CatalogueParts): Registry["unregister"] {
  return async (ref, options = {}) => {
    const basis = readActOptions("unregister", options, { now: environment.clock.now() });
    const removed = await writer.queue.run(async () => {
      const gone = removeCode(environment, ref, basis);
      for (const { tool } of gone) {
        emitter.emit("tool.unregistered", { name: tool.version.name, version: tool.version.version });
      }
      return gone;
    });
    for (const entry of removed) {
      await writer.record("tool.unregistered", entry.tool.version.name, toRecordParts(entry, { basis, forced: null }));
    }
    return removed.length > 0;
  };
}

function removeCode(environment: Environment, ref: string, basis: ActBasis): readonly Entry[] {
  const { catalogue, authorization, states } = environment;
  const parsed = parseToolRef(ref);
  if (!parsed.ok) throw new ToolyardError("NOT_PUBLISHED", `Cannot unregister: ${parsed.message}`);
  const { name, kind } = parsed.ref;
  if (kind !== "latest" && kind !== "exact") {
    throw new ToolyardError(
      "NOT_PUBLISHED",
      `Cannot unregister ${JSON.stringify(ref)}: expected a name, or a name and an exact version such as "${name}@1.2.0"`,
    );
  }
  const tool = catalogue.snapshot.get(name);
  checkRevision(tool, basis);
  if (tool === undefined) return [];
  const exact = parsed.ref.kind === "exact" ? parsed.ref.version : null;
  const removed = tool.versions.filter((entry) => exact === null || entry.tool.version.version === exact);
  if (removed.length === 0) return [];
  catalogue.swap(new Map([[name, withoutCode(tool, removed, catalogue.store !== null)]]));
  if (catalogue.snapshot.get(name) !== undefined) return removed;
  // Permissions set for a tool must not open another one that takes its name later.
  authorization.clearPermissions(name);
  states.forget(name);
  return removed;
}

function withoutCode(tool: ToolEntry, removed: readonly Entry[], isStored: boolean): ToolEntry | null {
  const left = tool.versions.filter((entry) => !removed.includes(entry));
  const absent = removed.map(({ tool: { version }, status, deprecation, change, calledAt }) => {
    return { version: version.version, digest: version.digest, status, deprecation, change, calledAt };
  });
  if (isStored) return createToolEntry(tool.name, left, { ...tool, absent: [...tool.absent, ...absent] });
  if (left.length === 0) return null;
  const isGone = (version: string): boolean => absent.some((one) => one.version === version);
  return createToolEntry(tool.name, left, { ...tool, steering: withoutHidden(tool.steering, isGone) });
}
