// What it costs that state outlives the process: the start, finding a version, and a call whose record is written by the ledger.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { performance } from "node:perf_hooks";
import { createRegistry, defineTool, openRegistry, type AnyTool, type Registry } from "../src/index.ts";
import { openSqliteStores } from "../src/stores/sql/sqlite/index.ts";
import { toFigure, type Figure } from "./figures.ts";
import { direct, measure, type Contender } from "./harness.ts";
import type { Settings } from "./settings.ts";

const TOOLS = 10_000;
/** Calls at once, as a server has them: what waits for the disk then waits together. */
const CALLERS = 64;

/** In a folder of its own, which is removed. */
export async function benchState({ rounds, turnMs, shrink }: Settings): Promise<readonly Figure[]> {
  const dir = await mkdtemp(path.join(tmpdir(), "toolyard-bench-"));
  try {
    return [
      ...(await benchStart(path.join(dir, "many"), Math.round(TOOLS / shrink), rounds)),
      ...(await benchCalls(dir, { rounds, turnMs })),
    ];
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

async function benchStart(dir: string, count: number, rounds: number): Promise<readonly Figure[]> {
  const tools = Array.from({ length: count }, (_, index) => toTool(`area${index % 50}.tool_${index}`, "read"));
  const open = async (): Promise<Registry> => openRegistry({ tools, stores: openSqliteStores({ dir }) });
  await (await open()).close();
  let opened: Registry[] = [];
  const closeAll = async (): Promise<void> => {
    for (const registry of opened) await registry.close();
    opened = [];
  };
  const name = `open a registry of ${count.toLocaleString("en")} stored tools`;
  const [start] = await measure(
    [
      {
        name,
        prepare: closeAll,
        async run(times) {
          for (let index = 0; index < times; index++) opened.push(await open());
        },
      },
    ],
    { rounds, turnMs: 1, now: () => performance.now() },
  );
  await closeAll();
  const stored = await open();
  const inMemory = createRegistry({ tools });
  const refs = tools.slice(0, 1_000).map((tool) => `${tool.name}@^1`);
  const lookups = await measure(
    [
      direct("get by range, in memory", (index) => inMemory.get(refs[index % refs.length] as string)),
      direct("get by range, stored", (index) => stored.get(refs[index % refs.length] as string)),
    ],
    { rounds, turnMs: 100 },
  );
  await stored.close();
  return [
    ...(start === undefined
      ? []
      : [toFigure(start, { unit: "ms", goal: { of: "value", atMost: 1_000 }, note: "by the clock on the wall" })]),
    ...lookups.map((one, index) =>
      toFigure(
        one,
        index === 0
          ? { unit: "ns" }
          : { unit: "ns", base: "get by range, in memory", goal: { of: "ratio", atMost: 1.25 } },
      ),
    ),
  ];
}

async function benchCalls(dir: string, options: { rounds: number; turnMs: number }): Promise<readonly Figure[]> {
  const tools = [toTool("look", "read"), toTool("pay", "write")];
  const limits = { limits: [], concurrency: [] };
  const memory = createRegistry({ tools, ...limits });
  const open = async (name: string, strict: boolean): Promise<Stored> => {
    const stores = await openSqliteStores({ dir: path.join(dir, name) });
    const registry = await openRegistry({ tools, ...limits, audit: { strict }, stores });
    // What a turn leaves to be written is paid for by that turn.
    return { registry, flush: async () => stores.ledger.flush() };
  };
  const batched = await open("batched", false);
  const strict = await open("strict", true);
  const measured = await measure(
    [
      callers("read, in memory, no audit", { registry: memory, flush: async () => {} }, "look"),
      callers("read, recorded in batches", batched, "look"),
      callers("read, recorded before the answer", strict, "look"),
      callers("write, intent and outcome durable", batched, "pay"),
    ],
    options,
  );
  await Promise.all([memory.close(), batched.registry.close(), strict.registry.close()]);
  return measured.map((one, index) =>
    toFigure(
      one,
      index === 0
        ? { unit: "µs" }
        : { unit: "µs", base: "read, in memory, no audit", note: "the writing thread's time included" },
    ),
  );
}

interface Stored {
  readonly registry: Registry;
  /** Resolves when everything is written. */
  flush(): Promise<void>;
}

function callers(name: string, { registry, flush }: Stored, tool: string): Contender {
  const principal = { id: "u" };
  return {
    name,
    async run(count) {
      let left = count;
      const caller = async (): Promise<void> => {
        while (left-- > 0) {
          const outcome = await registry.execute(tool, {}, { principal });
          if (!outcome.ok) throw new Error(`${name}: ${outcome.error.code}`);
        }
      };
      await Promise.all(Array.from({ length: CALLERS }, caller));
      await flush();
    },
  };
}

function toTool(name: string, effect: "read" | "write"): AnyTool {
  return defineTool({
    name,
    version: "1.0.0",
    description: "One of very many.",
    effect,
    access: { roles: ["USER"] },
    handler: () => null,
  });
}
