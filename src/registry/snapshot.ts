// What readers see: the published tools at one moment. Immutable; sorted lists and resolved references are computed at
// the first question and kept for as long as the snapshot lives.
import { type BoundedMap, createBoundedMap } from "../kernel/bounded-map.ts";
import { createNameIndex, type NameIndex } from "../kernel/nearest.ts";
import { parseToolRef, type ToolRef } from "../tool/tool-ref.ts";
import type { Entry, ToolEntry } from "./entry.ts";
import { createNameTable, type NameTable } from "./name-table.ts";
import { resolveVersion } from "./resolve-version.ts";
import { findRollouts, type Rollouts } from "./rollout.ts";

/** What a reference came to. `tool` is there whenever the name exists, so that visibility can be decided first. */
export type Lookup =
  | Found
  | { readonly kind: "invalid"; readonly message: string }
  | { readonly kind: "unknown"; readonly name: string }
  | {
      readonly kind: "no-version";
      readonly tool: ToolEntry;
      readonly code: "VERSION_NOT_FOUND" | "VERSION_RETIRED";
      readonly message: string;
      readonly suggestions: readonly string[];
    };

export interface Found {
  readonly kind: "found";
  readonly entry: Entry;
  readonly tool: ToolEntry;
  /** What stands beside that version; null: nothing. */
  readonly rollouts: Rollouts | null;
}

export interface Snapshot {
  readonly table: NameTable<ToolEntry>;
  /** Sorted by name. */
  readonly tools: readonly ToolEntry[];
  get(name: string): ToolEntry | undefined;
  /** @param tenant of whoever asks; null: of nobody in particular */
  lookup(ref: string, tenant?: string | null): Lookup;
  /** The names nearest to `asked`, without `asked` itself, best first. */
  near(asked: string): readonly string[];
}

// References are a stranger's text: at most this many answers are remembered.
const MAX_LOOKUPS = 4_096;
const MAX_NEAR = 256;
// Enough that three of them can be seen by whoever asks, and bounded.
const NEAR_NAMES = 64;

class TableSnapshot implements Snapshot {
  readonly table: NameTable<ToolEntry>;
  #tools: readonly ToolEntry[] | null = null;
  #lookups: BoundedMap<string, Lookup> | null = null;
  #tenants: BoundedMap<string, Lookup> | null = null;
  #names: NameIndex | null = null;
  readonly #near = createBoundedMap<string, readonly string[]>(MAX_NEAR);

  constructor(table: NameTable<ToolEntry>) {
    this.table = table;
  }

  get tools(): readonly ToolEntry[] {
    this.#tools ??= Object.freeze([...this.table.values()].sort((a, b) => (a.name < b.name ? -1 : 1)));
    return this.#tools;
  }

  get(name: string): ToolEntry | undefined {
    return this.table.get(name);
  }

  lookup(ref: string, tenant: string | null = null): Lookup {
    const found = this.#lookup(ref);
    if (tenant === null || found.kind === "invalid" || found.kind === "unknown") return found;
    const { tool } = found;
    // Only where this tenant has a default of its own the answer may be another one.
    if (!tool.steering.tenants.has(tenant) || ref !== tool.name) return found;
    return this.#lookupFor(tool, tenant);
  }

  #lookupFor(tool: ToolEntry, tenant: string): Lookup {
    this.#tenants ??= createBoundedMap(MAX_LOOKUPS);
    // No name holds a NUL.
    const key = `${tool.name}\0${tenant}`;
    let found = this.#tenants.get(key);
    if (found === undefined) {
      found = lookupAmong(tool, { name: tool.name, kind: "latest" }, tenant);
      this.#tenants.set(key, found);
    }
    return found;
  }

  #lookup(ref: string): Lookup {
    // Made at the first lookup, so that publishing many tools one after another does not make as many caches.
    this.#lookups ??= createBoundedMap(MAX_LOOKUPS);
    const known = this.#lookups.get(ref);
    if (known !== undefined) return known;
    const found = this.#find(ref);
    if (found.kind !== "invalid") this.#lookups.set(ref, found);
    return found;
  }

  #find(text: string): Lookup {
    const parsed = parseToolRef(text);
    if (!parsed.ok) return { kind: "invalid", message: parsed.message };
    const tool = this.table.get(parsed.ref.name);
    return tool === undefined ? { kind: "unknown", name: parsed.ref.name } : lookupAmong(tool, parsed.ref);
  }

  near(asked: string): readonly string[] {
    let found = this.#near.get(asked);
    if (found === undefined) {
      this.#names ??= createNameIndex(this.tools.map(({ name }) => name));
      // The name itself is there when it is hidden: the answer has to be the one for a name that is not.
      found = this.#names
        .nearest(asked, NEAR_NAMES + 1)
        .filter((name) => name !== asked)
        .slice(0, NEAR_NAMES);
      this.#near.set(asked, found);
    }
    return found;
  }
}

/** What `ref` comes to among the versions of `tool`, which may be a part of those that are published. */
export function lookupAmong(tool: ToolEntry, ref: ToolRef, tenant: string | null = null): Lookup {
  const resolution = resolveVersion(tool, ref, tenant);
  if (resolution.ok) {
    const { entry } = resolution;
    return { kind: "found", entry, tool, rollouts: findRollouts(tool, entry, ref) };
  }
  const { code, message, suggestions } = resolution;
  return { kind: "no-version", tool, code, message, suggestions };
}

/** A snapshot of `table`. */
export function createSnapshot(table: NameTable<ToolEntry> = createNameTable()): Snapshot {
  return new TableSnapshot(table);
}
