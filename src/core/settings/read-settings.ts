// Reads settings a page at a time, and names the failures of their store.
import { ToolyardError } from "../../errors/toolyard-error.ts";
import type { Setting, SettingKind, SettingStore } from "../../ports/setting-store.ts";

const PAGE = 500;

/** All settings of a kind, in the order of their ids. */
export async function* readSettings(
  store: Pick<SettingStore, "page">,
  kind: SettingKind,
): AsyncGenerator<Setting, void, undefined> {
  let after: string | null = null;
  for (;;) {
    const page: readonly Setting[] = await readPage(store, kind, after);
    yield* page;
    after = page.at(-1)?.id ?? null;
    if (page.length < PAGE) return;
  }
}

function readPage(
  store: Pick<SettingStore, "page">,
  kind: SettingKind,
  after: string | null,
): Promise<readonly Setting[]> {
  return keepSettings(() => store.page(kind, after, PAGE));
}

/** What the store does, its own failures named STORE_FAILED. */
export async function keepSettings<T>(work: () => T | PromiseLike<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof ToolyardError) throw cause;
    const message =
      "The settings cannot be read or written; nothing was changed here. Look at them before trying again";
    throw new ToolyardError("STORE_FAILED", message, { cause, retryable: true });
  }
}
