// How every change of the catalogue takes effect: decided on the state there is, intended in the trail, written to the store, then
// seen by readers, told and audited. The store comes before the snapshot: what a reader sees outlives the process.
import { ToolyardError } from "../../errors/toolyard-error.ts";
import type { JsonObject } from "../../kernel/json.ts";
import type { AdministrativeAct } from "../../ports/audit-sink.ts";
import type { CatalogAnswer, CatalogChange, NewVersion } from "../../ports/catalog-store.ts";
import type { Principal } from "../../call/principal.ts";
import type { Environment } from "../../pipeline/environment.ts";
import {
  type Changes,
  findEntry,
  fromStoredTool,
  requireTool,
  type ToolEntry,
  toStoredTool,
} from "../../registry/index.ts";
import { intendAct, recordAct } from "../acts.ts";
import type { ActBasis } from "./act-options.ts";
import { type ActQueue, createActQueue } from "./act-queue.ts";

/** A change of one tool. */
export interface ToolAct {
  readonly type: AdministrativeAct;
  readonly name: string;
  /** null: it is about the tool as a whole. */
  readonly version: string | null;
  /** What the trail is told of it. */
  readonly details: JsonObject;
  /** What it makes of the tool: null, the tool goes; the same tool, nothing is to be done. Throws what refuses it. */
  apply(tool: ToolEntry): ToolEntry | null;
  /** Tells listeners. */
  announce(): void;
}

export interface ActRecordParts {
  readonly principal: Principal | null;
  readonly version: string | null;
  readonly digest: string | null;
  readonly details: JsonObject;
}

export interface ToolWriter {
  readonly queue: ActQueue;
  /** Reads these tools anew, if there is a store: an act is decided on what is stored, whoever wrote it. Inside the queue. */
  refresh(names: readonly string[]): Promise<void>;
  /** Makes the change; the tool afterwards, null when it is gone. Rejects with what refuses it, or REVISION_CONFLICT. */
  change(act: ToolAct, basis: ActBasis): Promise<ToolEntry | null>;
  /** Writes several tools to the store, if there is one; what was not written is not to be seen either. */
  save(changes: Changes, put: ReadonlyMap<string, readonly NewVersion[]>): Promise<void>;
  /** Writes that an act is about to be done where the trail is a ledger; undefined where it is none. */
  intend(type: AdministrativeAct, name: string, parts: ActRecordParts): Promise<void> | undefined;
  record(type: AdministrativeAct, name: string, parts: ActRecordParts): Promise<void>;
}

/** Names that begin so are the registry's own tools: made anew by every process, and stored nowhere. */
export const RESERVED = "toolyard.";
/** Others may change the same tool in between, but not forever. */
export const MAX_TRIES = 5;

/** The writing side of the catalogue of `environment`. */
export function createToolWriter(environment: Environment): ToolWriter {
  const { catalogue } = environment;
  const queue = createActQueue(() => catalogue.store !== null || Boolean(environment.audit?.intend));

  const save: ToolWriter["save"] = async (changes, put) => {
    const { store } = catalogue;
    if (store === null) return;
    const stored = [...changes].filter(([name]) => !name.startsWith(RESERVED));
    const toStored = ([name, tool]: readonly [string, ToolEntry | null]): CatalogChange =>
      toCatalogChange(catalogue.find(name), name, tool, put.get(name) ?? []);
    // What only gets its code is no change of what is stored.
    const changed = stored.map(toStored).filter(({ expected, tool }) => tool?.revision !== expected);
    if (changed.length === 0) return;
    const answer = await keep(() => store.save(changed));
    if (!answer.ok) throw await toConflict(environment, answer);
  };

  const intend: ToolWriter["intend"] = (type, name, parts) =>
    environment.audit?.intend ? intendAct(environment, type, name, toParts(parts)) : undefined;

  const record: ToolWriter["record"] = (type, name, parts) => recordAct(environment, type, name, toParts(parts));

  return {
    queue,
    async refresh(names) {
      for (const name of names) await reload(environment, name);
    },
    save,
    intend,
    record,
    async change(act, basis) {
      const done = await queue.run(() => tryAct(environment, { save, intend, record }, act, basis));
      // Outside of the queue: a slow trail holds this act's answer, and nobody else's act.
      await done.recorded;
      return done.tool;
    },
  };
}

/** Decides and makes the change, anew when others are faster. Inside the queue. */
async function tryAct(
  environment: Environment,
  { save, intend, record }: Pick<ToolWriter, "save" | "intend" | "record">,
  act: ToolAct,
  basis: ActBasis,
): Promise<Done> {
  const { catalogue } = environment;
  if (catalogue.store !== null) await reload(environment, act.name);
  for (let tries = 1; ; tries++) {
    const tool = requireTool(catalogue, act.name);
    checkRevision(tool, basis);
    const after = act.apply(tool);
    if (after === tool) return { tool, recorded: null };
    const parts = toRecordParts(act, basis, tool);
    const intended = tries === 1 ? intend(act.type, act.name, parts) : undefined;
    // Without a ledger and a store nothing is awaited: whoever looks in the same turn sees the change.
    if (intended !== undefined) await intended;
    const changes: Changes = new Map([[act.name, after]]);
    try {
      if (catalogue.store !== null) await save(changes, NOTHING_PUT);
    } catch (error) {
      if (!isConflict(error) || basis.expectedRevision !== null || tries === MAX_TRIES) throw error;
      continue;
    }
    catalogue.swap(changes);
    act.announce();
    return { tool: after, recorded: record(act.type, act.name, parts) };
  }
}

interface Done {
  readonly tool: ToolEntry | null;
  readonly recorded: Promise<void> | null;
}

const NOTHING_PUT: ReadonlyMap<string, readonly NewVersion[]> = new Map();

/** What the store does, its own failures named. */
export async function keep<T>(work: () => T | PromiseLike<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ToolyardError) throw error;
    throw new ToolyardError("STORE_FAILED", "The catalogue cannot be read or written; nothing was changed", {
      cause: error,
      retryable: true,
    });
  }
}

/** Whether somebody else was faster: the tool was read again, and the act may be decided anew. */
export function isConflict(error: unknown): boolean {
  return error instanceof ToolyardError && error.code === "REVISION_CONFLICT";
}

/** Throws REVISION_CONFLICT when the act was decided on another state of the tool. */
export function checkRevision(tool: ToolEntry | undefined, { expectedRevision }: ActBasis): void {
  const revision = tool?.revision ?? 0;
  if (expectedRevision === null || expectedRevision === revision) return;
  throw new ToolyardError(
    "REVISION_CONFLICT",
    `${tool?.name ?? "The tool"} is at revision ${revision}, not ${expectedRevision}; look at it again, then decide`,
  );
}

function toRecordParts(
  { version, details }: ToolAct,
  { principal, change }: ActBasis,
  tool: ToolEntry,
): ActRecordParts {
  const entry = version === null ? undefined : findEntry(tool, version);
  const absent = tool.absent.find((one) => one.version === version);
  const { reason } = change;
  return {
    principal,
    version,
    digest: entry?.tool.version.digest ?? absent?.digest ?? null,
    details: reason === null ? details : { ...details, reason },
  };
}

function toParts({ principal, version, digest, details }: ActRecordParts): Parameters<typeof recordAct>[3] {
  return {
    ...(principal !== null && { principal }),
    ...(version !== null && { version }),
    ...(digest !== null && { digest }),
    ...(Object.keys(details).length > 0 && { details }),
  };
}

function toCatalogChange(
  before: ToolEntry | undefined,
  name: string,
  after: ToolEntry | null,
  put: readonly NewVersion[],
): CatalogChange {
  const left = new Set(after === null ? [] : listVersions(after));
  return {
    name,
    expected: before?.revision ?? 0,
    tool: after === null ? null : toStoredTool(after),
    put,
    remove: before === undefined ? [] : listVersions(before).filter((version) => !left.has(version)),
  };
}

function listVersions({ versions, absent }: ToolEntry): readonly string[] {
  return [...versions.map(({ tool }) => tool.version.version), ...absent.map(({ version }) => version)];
}

/** Somebody else was faster: what they made of the tool is what is seen from now on. */
async function toConflict(
  environment: Environment,
  { name, problem }: CatalogAnswer & { readonly ok: false },
): Promise<ToolyardError> {
  await reload(environment, name);
  if (problem === "called") {
    return new ToolyardError(
      "STATE_CONFLICT",
      `${name}: it was called meanwhile, and stays on record; retire it instead`,
    );
  }
  const message = `${name} was changed by another process meanwhile, and was read again`;
  return new ToolyardError("REVISION_CONFLICT", message, { retryable: true });
}

/** Reads one tool anew. A version that is no longer stored is gone here too. */
async function reload({ catalogue }: Environment, name: string): Promise<void> {
  const { store } = catalogue;
  if (store === null || name.startsWith(RESERVED)) return;
  const { tools, versions } = await keep(() => store.read(name));
  const [stored] = tools;
  const here = new Map((catalogue.find(name)?.versions ?? []).map(({ tool }) => [tool.version.version, tool]));
  // A process that is newer may have defined a version otherwise: what runs here is what ran here.
  const rows = versions.map((row) => ({ ...row, digest: here.get(row.version)?.version.digest ?? row.digest }));
  catalogue.swap(new Map([[name, stored === undefined ? null : fromStoredTool(stored, rows, here)]]));
}
