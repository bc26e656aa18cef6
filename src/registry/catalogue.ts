// The writing side of the registry: one table of tools that is replaced as a whole, so that a reader sees all of a change or
// nothing. What a change makes of a tool is decided by the pure functions in `changes/`; here it only takes effect.
import { ToolyardError } from "../errors/toolyard-error.ts";
import { findNearest } from "../kernel/nearest.ts";
import type { CatalogStore } from "../ports/catalog-store.ts";
import { parseToolRef } from "../tool/tool-ref.ts";
import { type CallMarks, createCallMarks } from "./call-marks.ts";
import type { ToolEntry } from "./entry.ts";
import { createNameTable, type NameTable } from "./name-table.ts";
import { createSnapshot, type Snapshot } from "./snapshot.ts";

/** What becomes of tools, by their names; null: the tool goes. */
export type Changes = ReadonlyMap<string, ToolEntry | null>;

export interface Catalogue {
  /** The tools that can be called here. */
  readonly snapshot: Snapshot;
  /** The tools that are stored, and of which this process has no code; by name. */
  readonly dormant: readonly ToolEntry[];
  /** A tool of either kind. */
  find(name: string): ToolEntry | undefined;
  /** All of `changes` at once. */
  swap(changes: Changes): void;
  /** Which versions were called. */
  readonly marks: CallMarks;
  /** Where what changes is kept; null: nowhere. */
  readonly store: CatalogStore | null;
  /** Keeps in `store` what changes from now on. */
  connect(store: CatalogStore): void;
}

/** Creates an empty catalogue. */
export function createCatalogue(): Catalogue {
  let snapshot = createSnapshot();
  let dormant: NameTable<ToolEntry> = createNameTable();
  let store: CatalogStore | null = null;
  return {
    marks: createCallMarks(),
    get store() {
      return store;
    },
    connect(given) {
      store = given;
    },
    get snapshot() {
      return snapshot;
    },
    get dormant() {
      return [...dormant.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
    },
    find: (name) => snapshot.get(name) ?? dormant.get(name),
    swap(changes) {
      const here = new Map<string, ToolEntry | null>();
      const elsewhere = new Map<string, ToolEntry | null>();
      for (const [name, tool] of changes) {
        const isHere = tool !== null && tool.versions.length > 0;
        if (isHere || snapshot.get(name) !== undefined) here.set(name, isHere ? tool : null);
        if (tool?.versions.length === 0 || dormant.get(name) !== undefined) elsewhere.set(name, isHere ? null : tool);
      }
      if (elsewhere.size > 0) dormant = dormant.with(elsewhere);
      if (here.size > 0) snapshot = createSnapshot(snapshot.table.with(here));
    },
  };
}

/** The tool of that name. Throws NOT_PUBLISHED with the nearest names. */
export function requireTool(catalogue: Catalogue, name: string): ToolEntry {
  const tool = catalogue.find(name);
  if (tool !== undefined) return tool;
  const names = [...catalogue.snapshot.tools, ...catalogue.dormant].map((entry) => entry.name);
  const near = findNearest(name, names);
  const hint = near.length > 0 ? `; did you mean ${near.join(", ")}?` : "";
  throw new ToolyardError("NOT_PUBLISHED", `There is no tool ${JSON.stringify(name)}${hint}`);
}

/** The tool and the version of an exact reference, which has to be published. Throws NOT_PUBLISHED. */
export function requireVersion(
  catalogue: Catalogue,
  ref: string,
): { readonly tool: ToolEntry; readonly version: string } {
  const parsed = parseToolRef(ref);
  if (!parsed.ok) throw new ToolyardError("NOT_PUBLISHED", parsed.message);
  const tool = requireTool(catalogue, parsed.ref.name);
  const versions = listVersions(tool);
  if (parsed.ref.kind !== "exact") {
    throw new ToolyardError(
      "NOT_PUBLISHED",
      `${JSON.stringify(ref)} is not an exact version; expected ${tool.name}@ and one of ${versions.join(", ")}`,
    );
  }
  requirePublished(tool, parsed.ref.version);
  return { tool, version: parsed.ref.version };
}

/** Throws NOT_PUBLISHED unless the tool has this version, be it here or only in the store. */
export function requirePublished(tool: ToolEntry, version: string): void {
  const versions = listVersions(tool);
  if (versions.includes(version)) return;
  const near = findNearest(version, versions, 1)[0];
  const hint = near === undefined ? "" : `; did you mean ${near}?`;
  throw new ToolyardError(
    "NOT_PUBLISHED",
    `${tool.name} has no version ${version}; there is ${versions.join(", ")}${hint}`,
  );
}

function listVersions(tool: ToolEntry): readonly string[] {
  return [...tool.versions.map((entry) => entry.tool.version.version), ...tool.absent.map(({ version }) => version)];
}
