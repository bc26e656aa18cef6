// Versions come into the catalogue, and code goes out of it. Each publication is checked as a whole before anything changes.
import { ToolyardError } from "../../errors/toolyard-error.ts";
import type { JsonValue } from "../../kernel/json.ts";
import type { NewVersion } from "../../ports/catalog-store.ts";
import type { Environment } from "../../pipeline/environment.ts";
import {
  createToolEntry,
  type Entry,
  planPublication,
  type Publication,
  type PublicationOptions,
  type ToolEntry,
  withoutHidden,
} from "../../registry/index.ts";
import type { AnyTool } from "../../tool/definition.ts";
import { parseToolRef } from "../../tool/tool-ref.ts";
import type { PublishedTool, ToolDescription, ToolVersion } from "../../tool/tool-version.ts";
import type { Emitter } from "../events.ts";
import type { Registry } from "../registry.ts";
import { type ActBasis, type ActOptions, type Force, readActOptions, readForce } from "./act-options.ts";
import { checkDefinitions } from "./check-definitions.ts";
import { checkContracts, loadDefinitions } from "./contract-checks.ts";
import { checkRevision, type ToolWriter } from "./tool-writer.ts";

export interface PublishOptions extends ActOptions {
  /** Publishes versions that only their exact version, or a rollout, reaches until they are activated. @default false */
  readonly staged?: boolean;
  /** Lets a version through whose number says less than its contract changes. @default refused with CONTRACT_BROKEN */
  readonly force?: Force;
}

export interface Publishing extends Pick<Registry, "register" | "publish" | "unregister"> {
  /** Publishes at once, without store and audit: for a registry that is being made. */
  publishAtOnce(tools: readonly AnyTool[]): void;
  /** Publishes a tool of the registry's own, whose name nobody else may use. */
  publishOwn(tool: AnyTool): void;
  /** Publishes checked tools as one act. */
  commit(published: readonly PublishedTool[], options: CommitOptions): Promise<readonly Entry[]>;
}

export interface CommitOptions extends Pick<PublicationOptions, "status"> {
  /** For errors. */
  readonly what: string;
  readonly basis: ActBasis;
  readonly forced: string | null;
}

/** Versions that are announced at the same time: enough for a trail that writes in groups. */
const ANNOUNCED = 1_000;

/** Publishing and unregistering. */
export function createPublishing(environment: Environment, emitter: Emitter, writer: ToolWriter): Publishing {
  const { catalogue } = environment;

  const take = ({ entries, tools }: Publication): void => {
    if (tools.size > 0) catalogue.swap(tools);
    for (const entry of entries) keepRules(entry, environment);
  };

  const commit: Publishing["commit"] = async (published, options) => {
    const { publication, told } = await writer.queue.run(async () => {
      const planned = planPublication(catalogue.find, published, {
        change: options.basis.change,
        status: options.status,
      });
      for (const name of new Set(published.map(({ version }) => version.name))) {
        checkRevision(catalogue.find(name), options.basis);
      }
      // Nothing is awaited that need not be: whoever looks in the same turn sees what was published.
      const { store } = catalogue;
      const checks = store === null ? planned.checks : await loadDefinitions(planned.checks, store);
      checkContracts(checks, options);
      const intended = intendAll(writer, planned, options);
      if (intended !== undefined) await intended;
      if (store !== null) await writer.save(planned.tools, toRows(planned, options.basis));
      take(planned);
      return { publication: planned, told: announceAll(planned, options) };
    });
    await told();
    return publication.entries;
  };

  /** Tells listeners in order, and gives what tells the trail. */
  const announceAll = ({ added, redefined }: Publication, { basis, forced }: CommitOptions): (() => Promise<void>) => {
    const acts = [
      ...added.map((entry) => ({ type: "tool.published" as const, entry })),
      ...redefined.map((entry) => ({ type: "tool.redefined" as const, entry })),
    ];
    for (const { type, entry } of acts) {
      const { name, version } = entry.tool.version;
      emitter.emit(type, { name, version });
    }
    return async () => {
      for (let index = 0; index < acts.length; index += ANNOUNCED) {
        const records = acts.slice(index, index + ANNOUNCED).map(({ type, entry }) => {
          return writer.record(type, entry.tool.version.name, toRecordParts(entry, basis, forced));
        });
        await Promise.all(records);
      }
    };
  };

  const publish = async (
    what: string,
    tools: readonly AnyTool[],
    options: PublishOptions,
  ): Promise<readonly ToolDescription[]> => {
    const basis = readActOptions(what, options, { now: environment.clock.now(), more: ["staged", "force"] });
    const forced = readForce(what, options.force);
    const published = checkDefinitions(tools, environment, "user");
    const status = options.staged === true ? "staged" : "active";
    const entries = await commit(published, { what, basis, forced, status });
    return entries.map(({ description }) => description);
  };

  const publishAtOnce = (published: readonly PublishedTool[]): void => {
    const basis = readActOptions("publish", {}, { now: environment.clock.now() });
    const planned = planPublication(catalogue.find, published, { change: basis.change, status: "active" });
    checkContracts(planned.checks, { what: "createRegistry", forced: null });
    take(planned);
  };

  return {
    commit,
    publishAtOnce: (tools) => {
      publishAtOnce(checkDefinitions(tools, environment, "user"));
    },
    publishOwn(tool) {
      const published = checkDefinitions([tool], environment, "registry");
      publishAtOnce(published);
      for (const { version } of published) {
        emitter.emit("tool.published", { name: version.name, version: version.version });
        const parts = { principal: null, version: version.version, digest: version.digest, details: {} };
        void writer.record("tool.published", version.name, parts);
      }
    },
    register: (...tools) => publish("register", tools, {}),
    publish: (tools, options = {}) => publish("publish", tools, options),

    async unregister(ref, options = {}) {
      const basis = readActOptions("unregister", options, { now: environment.clock.now() });
      const { removed, told } = await writer.queue.run(async () => {
        const gone = removeCode(environment, ref, basis);
        for (const { tool } of gone) {
          const { name, version } = tool.version;
          emitter.emit("tool.unregistered", { name, version });
        }
        return {
          removed: gone,
          told: gone.map((entry) => {
            return writer.record("tool.unregistered", entry.tool.version.name, toRecordParts(entry, basis, null));
          }),
        };
      });
      await Promise.all(told);
      return removed.length > 0;
    },
  };
}

function intendAll(
  writer: ToolWriter,
  { added, redefined }: Publication,
  { basis, forced }: CommitOptions,
): Promise<unknown> | undefined {
  const intents = [
    ...added.map((entry) => ({ type: "tool.published" as const, entry })),
    ...redefined.map((entry) => ({ type: "tool.redefined" as const, entry })),
  ].flatMap(({ type, entry }) => {
    const intended = writer.intend(type, entry.tool.version.name, toRecordParts(entry, basis, forced));
    return intended === undefined ? [] : [intended];
  });
  return intents.length === 0 ? undefined : Promise.all(intents);
}

function toRecordParts(
  { tool: { version }, status }: Entry,
  { principal, change }: ActBasis,
  forced: string | null,
): Parameters<ToolWriter["record"]>[2] {
  const { reason } = change;
  const details = {
    ...(status === "staged" && { status }),
    ...(reason !== null && { reason }),
    ...(forced !== null && { forced }),
  };
  return { principal, version: version.version, digest: version.digest, details };
}

/** What the store is to keep of the versions that are new to it, or defined anew. */
function toRows({ added, redefined }: Publication, { change }: ActBasis): ReadonlyMap<string, readonly NewVersion[]> {
  const rows = new Map<string, NewVersion[]>();
  for (const { tool } of [...added, ...redefined]) {
    const { name, version, digest } = tool.version;
    const list = rows.get(name) ?? [];
    rows.set(name, list);
    list.push({ version, digest, source: "code", definition: toDefinition(tool.version), ...change });
  }
  return rows;
}

function toDefinition({ digest: _digest, ...definition }: ToolVersion): JsonValue {
  return definition as unknown as JsonValue;
}

/** Takes the code of a version or a tool away. What is stored stays stored. */
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
  if (!isStored) {
    const isGone = (version: string): boolean => absent.some((one) => one.version === version);
    const steering = withoutHidden(tool.steering, isGone);
    return left.length === 0 ? null : createToolEntry(tool.name, left, { ...tool, steering });
  }
  return createToolEntry(tool.name, left, { ...tool, absent: [...tool.absent, ...absent] });
}

/** How results are shown holds for outcomes that are given again when their version is published no longer. */
function keepRules({ tool: { version } }: Entry, { resultRules }: Environment): void {
  if (version.result !== null) resultRules.set(version.digest, version.result);
}
