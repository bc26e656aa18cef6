// What the suites of all stores share: each case gets a store of its own, which is closed whatever came of the case.
import type { MaybePromise } from "../kernel/maybe-promise.ts";

export interface StoreSuiteOptions<Opened> {
  /** Registers a test: `test` of vitest, of `node:test` and others. */
  readonly test: (name: string, run: () => Promise<void>) => void;
  /** Called for each test. */
  readonly open: () => MaybePromise<Opened>;
}

export type StoreCase<Opened> = readonly [name: string, run: (opened: Opened) => Promise<void>];

/** Registers a test for each of `cases`. */
export function registerCases<Opened extends { close?(): MaybePromise<void> }>(
  { test, open }: StoreSuiteOptions<Opened>,
  cases: readonly StoreCase<Opened>[],
): void {
  for (const [name, run] of cases) {
    test(name, async () => {
      const opened = await open();
      try {
        await run(opened);
      } finally {
        await opened.close?.();
      }
    });
  }
}
