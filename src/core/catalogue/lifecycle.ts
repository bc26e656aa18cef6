// The life of published versions: activated, deprecated, retired, restored, deleted. What each act leads from is in
// `registry/changes`.
import { ToolyardError } from "../../errors/toolyard-error.ts";
import type { JsonObject } from "../../kernel/json.ts";
import { isPromiseLike } from "../../kernel/maybe-promise.ts";
import type { Environment } from "../../pipeline/environment.ts";
import { changeStatus, findEntry, removeVersion, type StatusChange, type ToolEntry } from "../../registry/index.ts";
import type { Deprecation } from "../../tool/tool-version.ts";
import type { Registry, RegistryEvents } from "../registry.ts";
import { type ActOptions, readActOptions } from "./act-options.ts";
import type { CatalogueParts } from "./commit-publication.ts";
import { findVersion, runToolAct } from "./run-tool-act.ts";
import { toToolLife } from "./to-tool-life.ts";
import type { ToolLife } from "./tool-life.ts";
import type { ToolAct } from "./tool-writer.ts";

type Lifecycle = Pick<Registry, "activate" | "deprecate" | "retire" | "restore" | "delete" | "life">;
type StatusEvent = "tool.activated" | "tool.deprecated" | "tool.retired" | "tool.restored";

const EVENTS: Readonly<Record<StatusChange["act"], StatusEvent & keyof RegistryEvents>> = {
  activate: "tool.activated",
  deprecate: "tool.deprecated",
  retire: "tool.retired",
  restore: "tool.restored",
};

/** Acts on single versions. */
export function createLifecycle(parts: CatalogueParts): Lifecycle {
  const { catalogue } = parts.environment;
  const change = createStatusAct(parts);
  return {
    activate: (ref, options = {}) => change("activate", ref, options),
    deprecate: async (ref, deprecation, options = {}) =>
      change("deprecate", ref, options, checkDeprecation(deprecation)),
    retire: (ref, options = {}) => change("retire", ref, options),
    restore: (ref, options = {}) => change("restore", ref, options),
    delete: createDelete(parts),
    life(name) {
      const tool = catalogue.find(name);
      return tool === undefined ? undefined : toToolLife(tool, catalogue);
    },
  };
}

function createStatusAct(parts: CatalogueParts) {
  const { environment, emitter } = parts;
  return async (
    act: StatusChange["act"],
    ref: string,
    options: ActOptions,
    deprecation: Deprecation | null = null,
  ): Promise<ToolLife> => {
    const basis = readActOptions(act, options, { now: environment.clock.now() });
    const found = findVersion(parts, ref);
    const { tool, version } = isPromiseLike(found) ? await found : found;
    const { name } = tool;
    const change = { act, change: basis.change, ...(deprecation !== null && { deprecation }) };
    const type = EVENTS[act];
    return runToolAct(
      parts,
      {
        type,
        name,
        version,
        details: { ...deprecation },
        apply: (current) => changeStatus(current, version, change),
        announce: () => {
          emitter.emit(type, { name, version });
        },
      },
      basis,
    );
  };
}

function createDelete(parts: CatalogueParts): Registry["delete"] {
  const { environment, emitter, writer } = parts;
  const { catalogue, authorization, states, clock } = environment;
  return async (ref, options = {}) => {
    const basis = readActOptions("delete", options, { now: clock.now() });
    const found = findVersion(parts, ref);
    const { tool, version } = isPromiseLike(found) ? await found : found;
    const { name } = tool;
    const act: ToolAct = {
      type: "tool.deleted",
      name,
      version,
      details: {},
      apply: (current) => removeVersion(withMark(environment, current, version), version, basis.change),
      announce() {
        emitter.emit("tool.deleted", { name, version });
        if (catalogue.find(name) !== undefined) return;
        // Permissions set for a tool must not open another one that takes its name later.
        authorization.clearPermissions(name);
        states.forget(name);
      },
    };
    await writer.change(act, basis);
  };
}

/** `tool`, in which what this process has called is called, whether or not the store knows yet. */
function withMark({ catalogue }: Environment, tool: ToolEntry, version: string): ToolEntry {
  const entry = findEntry(tool, version);
  const calledAt = entry === undefined ? null : catalogue.marks.calledAt(entry.tool);
  if (entry === undefined || calledAt === null) return tool;
  return { ...tool, versions: tool.versions.map((one) => (one === entry ? { ...entry, calledAt } : one)) };
}

function checkDeprecation(given: Parameters<Registry["deprecate"]>[1]): Deprecation & JsonObject {
  const { message, sunsetAt, successor } = given;
  if (typeof message !== "string" || message.length > 1_024) {
    throw new ToolyardError("INVALID_OPTION", "deprecate: message: expected a text of at most 1,024 characters");
  }
  if (sunsetAt !== undefined && !Number.isSafeInteger(sunsetAt)) {
    throw new ToolyardError(
      "INVALID_OPTION",
      `deprecate: sunsetAt: received ${String(sunsetAt)}, expected epoch milliseconds`,
    );
  }
  return Object.freeze({ message, sunsetAt: sunsetAt ?? null, successor: successor ?? null });
}
