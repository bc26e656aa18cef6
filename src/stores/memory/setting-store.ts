// Settings in memory: what a store in a database is held against, and for tests.
import { compareBytes } from "../../kernel/compare-bytes.ts";
import { deepFreeze } from "../../kernel/freeze.ts";
import type { Setting, SettingKind, SettingStore } from "../../ports/setting-store.ts";

/** Creates a store in which nothing is set. */
export function createMemorySettingStore(): SettingStore {
  const byKind = new Map<SettingKind, Map<string, Setting>>();
  const of = (kind: SettingKind): Map<string, Setting> => {
    let settings = byKind.get(kind);
    if (settings === undefined) byKind.set(kind, (settings = new Map()));
    return settings;
  };
  const store: SettingStore = {
    get: (kind, id) => of(kind).get(id) ?? null,
    page(kind, after, limit) {
      const ids = [...of(kind).keys()].filter((id) => after === null || compareBytes(id, after) > 0);
      return ids
        .sort(compareBytes)
        .slice(0, limit)
        .map((id) => of(kind).get(id) as Setting);
    },
    set(setting, expected) {
      const revision = of(setting.kind).get(setting.id)?.revision ?? 0;
      if (expected !== null && expected !== revision) return null;
      of(setting.kind).set(
        setting.id,
        Object.freeze({ ...setting, body: deepFreeze(structuredClone(setting.body)), revision: revision + 1 }),
      );
      return revision + 1;
    },
    remove(kind, id, expected) {
      const known = of(kind).get(id);
      if (known === undefined || (expected !== null && expected !== known.revision)) return false;
      return of(kind).delete(id);
    },
    save(changes, change) {
      // What is not there cannot go.
      const fits = changes.every(
        ({ kind, id, body, expected }) =>
          (of(kind).get(id)?.revision ?? 0) === expected && (body !== null || expected > 0),
      );
      if (!fits) return false;
      for (const { kind, id, body, expected } of changes) {
        if (body === null) store.remove(kind, id, expected);
        else store.set({ kind, id, body, ...change }, expected);
      }
      return true;
    },
  };
  return store;
}
