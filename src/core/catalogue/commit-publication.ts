// One publication as one act: planned on the catalogue there is, its contracts held against what they follow, intended, stored, then
// seen, told and audited. All of it or nothing.
import type { JsonValue } from "../../kernel/json.ts";
import { isPromiseLike, type MaybePromise } from "../../kernel/maybe-promise.ts";
import type { NewVersion } from "../../ports/catalog-store.ts";
import type { Environment } from "../../pipeline/environment.ts";
import { type Entry, planPublication, type Publication, type PublicationOptions } from "../../registry/index.ts";
import { CODE } from "../../tool/source.ts";
import type { PublishedTool, ToolVersion } from "../../tool/tool-version.ts";
import type { Emitter } from "../events.ts";
import type { ActBasis } from "./act-options.ts";
import { checkContracts, loadDefinitions } from "./contract-checks.ts";
import { type ActRecordParts, checkRevision, isConflict, MAX_TRIES, type ToolWriter } from "./tool-writer.ts";

export interface CatalogueParts {
  readonly environment: Environment;
  readonly emitter: Emitter;
  readonly writer: ToolWriter;
}

export interface CommitOptions extends Pick<PublicationOptions, "status" | "redefines"> {
  /** For errors. */
  readonly what: string;
  readonly basis: ActBasis;
  readonly forced: string | null;
  /** Whether the tools have just been read; otherwise they are read again, and again when others change them meanwhile. @default false */
  readonly isLoaded?: boolean;
  /**
   * What changes together with it: asked when nothing of the publication is wrong, and, when it is stored, what it gave is run in the turn
   * in which the publication takes effect. What it throws refuses the publication. @default nothing
   */
  readonly prepare?: () => MaybePromise<() => void>;
}

interface VersionAct {
  readonly type: "tool.published" | "tool.redefined";
  readonly entry: Entry;
}

/** Versions that are audited at the same time: enough for a trail that writes in groups, and written well within its time. */
const AUDITED = 200;
/** Versions that the intent of a large publication names. */
const NAMED = 20;

/** Publishes checked tools. Rejects with ALREADY_PUBLISHED, CONTRACT_BROKEN, REVISION_CONFLICT, or what the store rejects with. */
export async function commitPublication(
  parts: CatalogueParts,
  published: readonly PublishedTool[],
  options: CommitOptions,
): Promise<readonly Entry[]> {
  const committed = await storePublication(parts, published, options);
  await recordPublication(parts, committed, options);
  return committed.entries;
}

/** `commitPublication` without the records, which are to follow. */
export function storePublication(
  parts: CatalogueParts,
  published: readonly PublishedTool[],
  options: CommitOptions,
): Promise<Committed> {
  return parts.writer.queue.run(() => tryCommit(parts, published, options));
}

/** Records every act of a publication. */
export async function recordPublication(
  parts: CatalogueParts,
  { acts }: Committed,
  options: CommitOptions,
): Promise<void> {
  for (let index = 0; index < acts.length; index += AUDITED) {
    await Promise.all(
      acts.slice(index, index + AUDITED).map(({ type, entry }) => {
        return parts.writer.record(type, entry.tool.version.name, toRecordParts(entry, options));
      }),
    );
  }
}

/** A publication that is stored and in force. */
export interface Committed {
  readonly entries: readonly Entry[];
  readonly acts: readonly VersionAct[];
}

async function tryCommit(
  parts: CatalogueParts,
  published: readonly PublishedTool[],
  options: CommitOptions,
): Promise<Committed> {
  const { isLoaded = false, basis } = options;
  // A conflict is about one tool, which is read again.
  const tries = isLoaded ? 1 : MAX_TRIES + published.length;
  if (!isLoaded && parts.environment.catalogue.store !== null) {
    await parts.writer.refresh([...new Set(published.map(({ version }) => version.name))]);
  }
  for (let tried = 1; ; tried++) {
    try {
      return await commit(parts, published, options);
    } catch (error) {
      if (!isConflict(error) || basis.expectedRevision !== null || tried >= tries) throw error;
    }
  }
}

async function commit(
  { environment, emitter, writer }: CatalogueParts,
  published: readonly PublishedTool[],
  options: CommitOptions,
): Promise<Committed> {
  const { catalogue } = environment;
  const { basis, status, forced, redefines = true } = options;
  if (basis.expectedRevision !== null) {
    for (const { version } of published) checkRevision(catalogue.find(version.name), basis);
  }
  const planned = planPublication(catalogue.find, published, { change: basis.change, status, redefines });
  // Nothing is awaited that need not be: whoever looks in the same turn sees what was published.
  const { store } = catalogue;
  checkContracts(store === null ? planned.checks : await loadDefinitions(planned.checks, store), options);
  const acts = toActs(planned);
  const prepared = options.prepare?.();
  const apply = isPromiseLike(prepared) ? await prepared : prepared;
  const intended = intend(writer, acts, { basis, forced });
  if (intended !== undefined) await intended;
  if (store !== null) await writer.save(planned.tools, toRows(planned, basis));
  apply?.();
  takePublication(environment, planned);
  for (const { type, entry } of acts) {
    const { name, version } = entry.tool.version;
    emitter.emit(type, { name, version });
  }
  return { entries: planned.entries, acts };
}

/** One intent for the whole publication, however many versions it has. */
function intend(
  writer: ToolWriter,
  acts: readonly VersionAct[],
  options: Pick<CommitOptions, "basis" | "forced">,
): Promise<void> | undefined {
  const [first] = acts;
  if (first === undefined) return undefined;
  const parts = toRecordParts(first.entry, options);
  if (acts.length === 1) return writer.intend(first.type, first.entry.tool.version.name, parts);
  const refs = acts.slice(0, NAMED).map(({ entry }) => `${entry.tool.version.name}@${entry.tool.version.version}`);
  const details = { ...parts.details, count: acts.length, versions: refs };
  return writer.intend("tool.published", "*", { ...parts, version: null, digest: null, details });
}

/** Lets readers see what was planned. */
export function takePublication(environment: Environment, { entries, tools }: Publication): void {
  if (tools.size > 0) environment.catalogue.swap(tools);
  for (const { tool } of entries) keepResultRule(environment, tool);
}

/** How results are shown holds for outcomes that are given again when their version is published no longer. */
export function keepResultRule({ resultRules }: Environment, { version: { result, digest } }: PublishedTool): void {
  if (result !== null) resultRules.set(digest, result);
}

function toActs({ added, redefined }: Publication): readonly VersionAct[] {
  return [
    ...added.map((entry): VersionAct => ({ type: "tool.published", entry })),
    ...redefined.map((entry): VersionAct => ({ type: "tool.redefined", entry })),
  ];
}

/** What the trail is told of an act on the code of a version. */
export function toRecordParts(
  { tool: { version }, status }: Entry,
  { basis, forced }: Pick<CommitOptions, "basis" | "forced">,
): ActRecordParts {
  const { reason } = basis.change;
  const details = {
    ...(status === "staged" && { status }),
    ...(reason !== null && { reason }),
    ...(forced !== null && { forced }),
  };
  return { principal: basis.principal, version: version.version, digest: version.digest, details };
}

/** What the store is to keep of the versions that are new to it, or defined anew. */
function toRows({ added, redefined }: Publication, { change }: ActBasis): ReadonlyMap<string, readonly NewVersion[]> {
  const rows = new Map<string, NewVersion[]>();
  for (const { tool } of [...added, ...redefined]) {
    const { name, version, digest, source } = tool.version;
    const list = rows.get(name) ?? [];
    rows.set(name, list);
    list.push({ version, digest, source: source?.kind ?? CODE, definition: toDefinition(tool.version), ...change });
  }
  return rows;
}

function toDefinition({ digest: _digest, ...definition }: ToolVersion): JsonValue {
  return definition as unknown as JsonValue;
}
