import { expectTypeOf, test } from "vitest";
import { z } from "zod";
import type { QuotaStore, SlotStore } from "../ports/quota-store.ts";
import { createToolkit } from "../tool/define-tool.ts";
import { createFaultInjector } from "./fault-injector.ts";

const faults = createFaultInjector({ seed: 1 });

test("a wrapped function takes the same arguments and answers with a promise", () => {
  const work = (id: string, count?: number): number => id.length + (count ?? 0);
  expectTypeOf(faults.wrap(work)).parameters.toEqualTypeOf<Parameters<typeof work>>();
  expectTypeOf(faults.wrap((id: string) => id.length)).returns.toEqualTypeOf<Promise<number>>();
  expectTypeOf(faults.wrap(async (id: string) => id.length)).returns.toEqualTypeOf<Promise<number>>();
  expectTypeOf(faults.wrap(<T>(value: T) => value)).toBeCallableWith(1);
});

test("a view is typed by the methods it wraps", () => {
  interface Store {
    readonly size: number;
    read(key: string): number;
    write<T>(key: string, value: T): Promise<T>;
    close?(): void;
  }
  const store = {} as Store;
  const view = faults.wrapMethods(store, ["read", "write"]);
  expectTypeOf(view.read).toEqualTypeOf<(key: string) => Promise<number>>();
  expectTypeOf(view.write).toEqualTypeOf<Store["write"]>();
  expectTypeOf(view.size).toEqualTypeOf<number>();
  expectTypeOf(view.close).toEqualTypeOf<Store["close"]>();
  // @ts-expect-error no method
  faults.wrapMethods(store, ["size"]);
  // @ts-expect-error no member
  faults.wrapMethods(store, ["raed"]);
});

test("a view of a store is one", () => {
  expectTypeOf(faults.wrapMethods({} as QuotaStore, ["take", "read", "reset"])).toExtend<QuotaStore>();
  expectTypeOf(faults.wrapMethods({} as SlotStore, ["take"])).toExtend<SlotStore>();
});

test("a tool keeps its type", () => {
  const tool = createToolkit<{ readonly db: string }>().defineTool({
    name: "a",
    version: "1.0.0",
    description: "A.",
    input: z.object({ id: z.string() }),
    output: z.object({ total: z.number() }),
    handler: () => ({ total: 1 }),
  });
  expectTypeOf(faults.tool(tool)).toEqualTypeOf<typeof tool>();
});
