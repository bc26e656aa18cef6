// What importing one tool comes to: versions that are new, versions that stand otherwise, and where its references lead.
import type { JsonObject, JsonValue } from "../kernel/json.ts";
import { isObject } from "../kernel/json.ts";
import { isJsonEqual } from "../kernel/json-equal.ts";
import type { CatalogChange, Change, NewVersion, StoredVersion } from "../ports/catalog-store.ts";
import type { ToolDocument, VersionDocument } from "./catalogue-document.ts";
import { checkTargets } from "./check-targets.ts";
import { diffFields } from "./field-change.ts";
import type { PathProblem } from "./parse-yaml.ts";
import type { ImportChange, PlanOptions } from "./plan-import.ts";
import { type StoredEntry, toLife, toState, toSteering } from "./read-stores.ts";

export interface ToolPlan {
  readonly changes: readonly ImportChange[];
  readonly unchanged: number;
  readonly left: number;
  /** null: the tool is as the file says. */
  readonly change: CatalogChange | null;
  readonly problems: readonly PathProblem[];
}

/** Compares a tool of a file with the stored one; null: there is none. */
export function planTool(
  name: string,
  entry: StoredEntry | null,
  document: ToolDocument,
  options: PlanOptions,
): ToolPlan {
  const versions = new Map((entry?.versions ?? []).map((version) => [version.version, version]));
  const state = entry === null ? {} : toState(entry.tool);
  const lives = new Map(Object.entries(isObject(state["versions"]) ? state["versions"] : {}));
  const work: Work = { name, options, changes: [], problems: [], put: [], lives, unchanged: 0 };
  for (const [version, wanted] of document.versions) planVersion(work, version, wanted, versions.get(version));
  const remove = planRemoved(
    work,
    [...versions.keys()].filter((version) => !document.versions.has(version)),
  );
  const steering = planSteering(work, entry, document);
  const kept = [...lives].filter(([version]) => versions.has(version) || document.versions.has(version));
  work.problems.push(
    ...checkTargets(
      name,
      kept.map(([version]) => version),
      document.steering,
    ),
  );
  const left =
    versions.size - [...document.versions.keys()].filter((version) => versions.has(version)).length - remove.length;
  if (work.changes.length === 0) return { ...toCounts(work, left), change: null };
  const tool = {
    name,
    revision: (entry?.tool.revision ?? 0) + 1,
    state: { versions: Object.fromEntries(kept), ...steering },
    ...options.change,
  };
  return {
    ...toCounts(work, left),
    change: { name, expected: entry?.tool.revision ?? 0, tool, put: work.put, remove },
  };
}

interface Work {
  readonly name: string;
  readonly options: PlanOptions;
  readonly changes: ImportChange[];
  readonly problems: PathProblem[];
  readonly put: NewVersion[];
  /** How each version stands, with who and when. */
  readonly lives: Map<string, JsonValue | undefined>;
  unchanged: number;
}

function toCounts({ changes, problems, unchanged }: Work, left: number): Omit<ToolPlan, "change"> {
  return { changes, unchanged, left, problems };
}

function planVersion(work: Work, version: string, wanted: VersionDocument, stored: StoredVersion | undefined): void {
  const { name, lives, options } = work;
  const life = toStoredLife(wanted, options.change);
  if (stored === undefined) {
    const { digest, source, definition } = wanted;
    work.changes.push({ change: "added", what: "version", name: `${name}@${version}`, fields: [] });
    work.put.push({ version, digest, source, definition, ...options.change });
    lives.set(version, life);
    return;
  }
  if (stored.digest !== wanted.digest) {
    const message = `is published with another definition (${stored.digest.slice(0, 19)}…); a published version does not change, give this one another number`;
    work.problems.push({ path: ["tools", name, "versions", version, "definition"], message });
    return;
  }
  const fields = diffFields(toPlainLife(toLife(asObject(lives.get(version)))), toPlainLife(wanted));
  if (fields.length === 0) {
    work.unchanged++;
    return;
  }
  work.changes.push({ change: "changed", what: "version", name: `${name}@${version}`, fields });
  lives.set(version, life);
}

function toPlainLife({ status, deprecation }: Pick<VersionDocument, "status" | "deprecation">): JsonObject {
  return { status, ...(deprecation !== null && { deprecation }) };
}

function toStoredLife({ status, deprecation }: VersionDocument, { at, by, reason }: Change): JsonObject {
  return { ...toPlainLife({ status, deprecation }), at, by, reason };
}

/** Versions that go. */
function planRemoved({ name, options, changes, lives }: Work, others: readonly string[]): readonly string[] {
  if (!options.prune) return [];
  for (const version of others) {
    changes.push({ change: "removed", what: "version", name: `${name}@${version}`, fields: [] });
    lives.delete(version);
  }
  return others;
}

/** The steering with who and when: of what stays as it is, those who set it. */
function planSteering(
  { name, options, changes }: Work,
  entry: StoredEntry | null,
  { steering }: ToolDocument,
): JsonObject {
  const before = entry === null ? {} : toSteering(entry.tool);
  const stored = new Map(Object.entries(entry === null ? {} : toState(entry.tool)));
  const after = new Map(
    Object.entries(steering).map(([key, value]) => [key, isAct(key) ? withoutKind(asObject(value)) : value]),
  );
  const fields = diffFields(before, Object.fromEntries(after));
  if (fields.length > 0) {
    changes.push({
      change: entry === null ? "added" : "changed",
      what: "tool",
      name,
      fields: entry === null ? [] : fields,
    });
  }
  const was = new Map(Object.entries(before));
  return Object.fromEntries(
    Object.entries(steering).map(([key, value]) => {
      if (!isAct(key)) return [key, value];
      const { at, by, reason } = options.change;
      return [
        key,
        isJsonEqual(was.get(key), after.get(key)) ? stored.get(key) : { ...asObject(value), at, by, reason },
      ];
    }),
  );
}

/** What somebody did at some time. */
function isAct(key: string): boolean {
  return key === "canary" || key === "shadow" || key === "promotion";
}

function withoutKind({ kind: _kind, ...rest }: JsonObject): JsonObject {
  return rest;
}

function asObject(value: JsonValue | undefined): JsonObject {
  return isObject(value) ? value : {};
}
