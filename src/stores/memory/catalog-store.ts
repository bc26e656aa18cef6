// The catalogue in memory: what a store of it has to do, in the plainest way. For tests and for programs that want the rules
// of a stored catalogue without a file.
import type { JsonValue } from "../../kernel/json.ts";
import type {
  CatalogAnswer,
  CatalogChange,
  CatalogPage,
  CatalogStore,
  NewVersion,
  StoredTool,
  StoredVersion,
} from "../../ports/catalog-store.ts";

/** A catalogue store that answers at once. */
export interface MemoryCatalogStore extends CatalogStore {
  page(after: string | null, limit: number): CatalogPage;
  read(name: string): CatalogPage;
  definition(name: string, version: string): JsonValue | null;
  save(changes: readonly CatalogChange[]): CatalogAnswer;
  markCalled(name: string, version: string, at: number): void;
}

interface KeptVersion {
  readonly stored: StoredVersion;
  readonly definition: JsonValue;
}

interface KeptTool {
  readonly tool: StoredTool;
  readonly versions: Map<string, KeptVersion>;
}

const OK: CatalogAnswer = Object.freeze({ ok: true });

/** Creates a store in which nothing is published. */
export function createMemoryCatalogStore(): MemoryCatalogStore {
  return new CatalogInMemory();
}

class CatalogInMemory implements MemoryCatalogStore {
  readonly #tools = new Map<string, KeptTool>();

  page(after: string | null, limit: number): CatalogPage {
    const names = [...this.#tools.keys()].filter((name) => after === null || name > after).sort();
    return this.#toPage(names.slice(0, limit));
  }

  read(name: string): CatalogPage {
    return this.#toPage(this.#tools.has(name) ? [name] : []);
  }

  definition(name: string, version: string): JsonValue | null {
    return this.#tools.get(name)?.versions.get(version)?.definition ?? null;
  }

  save(changes: readonly CatalogChange[]): CatalogAnswer {
    for (const change of changes) {
      const problem = this.#toProblem(change);
      if (problem !== null) return { ok: false, problem, name: change.name };
    }
    for (const change of changes) this.#apply(change);
    return OK;
  }

  markCalled(name: string, version: string, at: number): void {
    const kept = this.#tools.get(name)?.versions;
    const found = kept?.get(version);
    if (found === undefined || found.stored.calledAt !== null) return;
    kept?.set(version, { ...found, stored: { ...found.stored, calledAt: at } });
  }

  #toPage(names: readonly string[]): CatalogPage {
    const kept = names.map((name) => this.#tools.get(name) as KeptTool);
    return {
      tools: kept.map(({ tool }) => tool),
      versions: kept.flatMap(({ versions }) => [...versions.values()].map(({ stored }) => stored).toSorted(byVersion)),
    };
  }

  #toProblem({ name, expected, tool, remove }: CatalogChange): "revision" | "called" | null {
    const kept = this.#tools.get(name);
    if ((kept?.tool.revision ?? 0) !== expected) return "revision";
    const going = tool === null ? [...(kept?.versions.keys() ?? [])] : remove;
    return going.some((version) => (kept?.versions.get(version)?.stored.calledAt ?? null) !== null) ? "called" : null;
  }

  #apply({ name, tool, put, remove }: CatalogChange): void {
    if (tool === null) {
      this.#tools.delete(name);
      return;
    }
    const versions = new Map(this.#tools.get(name)?.versions);
    for (const version of remove) versions.delete(version);
    for (const added of put) versions.set(added.version, toKept(name, added, versions.get(added.version)));
    this.#tools.set(name, { tool, versions });
  }
}

function byVersion(a: StoredVersion, b: StoredVersion): number {
  return a.version < b.version ? -1 : 1;
}

function toKept(name: string, { definition, ...added }: NewVersion, before: KeptVersion | undefined): KeptVersion {
  return { definition, stored: { ...added, name, calledAt: before?.stored.calledAt ?? null } };
}
