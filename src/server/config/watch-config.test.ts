import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Clock } from "../../kernel/clock.ts";
import { createManualClock } from "../../testing/manual-clock.ts";
import type { ConfigDifference } from "./diff-config.ts";
import type { ResolvedConfig } from "./resolve-config.ts";
import { type ConfigWatch, watchConfig, type WatchConfigOptions } from "./watch-config.ts";

let folder: string;
let watching: ConfigWatch | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "toolyard-watch-"));
});
afterEach(() => {
  watching?.close();
  rmSync(folder, { recursive: true });
});

interface World {
  readonly file: string;
  readonly watch: ConfigWatch;
  readonly changes: { readonly next: ResolvedConfig; readonly changes: readonly ConfigDifference[] }[];
  readonly problems: unknown[];
  /** Resolves when a timer was armed: the file system has told of a change. */
  armed(): Promise<void>;
  /** Resolves when so many changes and problems have been told. */
  told(count: number): Promise<void>;
  readonly clock: ReturnType<typeof createManualClock>;
}

function open(name: string, text: string, more: Partial<WatchConfigOptions> = {}): World {
  const file = join(folder, name);
  writeFileSync(file, text);
  const manual = createManualClock();
  const waiting: (() => boolean)[] = [];
  const wake = (): void => {
    for (const check of [...waiting]) if (check()) waiting.splice(waiting.indexOf(check), 1);
  };
  const until = (holds: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      const check = (): boolean => {
        if (holds()) resolve();
        return holds();
      };
      if (!check()) waiting.push(check);
    });
  let timers = 0;
  const clock: Clock = {
    ...manual,
    setTimer(delayMs, run) {
      timers++;
      const timer = manual.setTimer(delayMs, run);
      wake();
      return timer;
    },
  };
  const [changes, problems]: [World["changes"], unknown[]] = [[], []];
  const watch = watchConfig({
    file,
    env: {},
    clock,
    onChange: (next, found) => {
      changes.push({ next, changes: found });
      wake();
    },
    onProblem: (error) => {
      problems.push(error);
      wake();
    },
    ...more,
  });
  watching = watch;
  return {
    ...{ file, watch, changes, problems, clock: manual },
    armed: () => {
      const before = timers;
      return until(() => timers > before);
    },
    told: (count) => until(() => changes.length + problems.length >= count),
  };
}

test("applies what a file says after it was written", async () => {
  const world = open("toolyard.config.yaml", "retries: 1\nserver: { corsOrigins: [] }\n");
  await world.watch.reload();
  expect(world.changes).toEqual([]);
  const armed = world.armed();
  writeFileSync(world.file, "retries: 2\nserver: { corsOrigins: ['https://a.example'] }\n");
  await armed;
  const told = world.told(1);
  await world.clock.advance(1_000);
  await told;
  expect(world.problems).toEqual([]);
  expect(world.changes[0]?.changes).toEqual([
    { path: "retries", before: 1, after: 2, restart: true },
    { path: "server.corsOrigins", before: [], after: ["https://a.example"], restart: false },
  ]);
  expect(world.changes[0]?.next.config.retries).toBe(2);
});

test("sees a file that another one was put in place of", async () => {
  const world = open("toolyard.config.yaml", "retries: 1\n");
  await world.watch.reload();
  const armed = world.armed();
  writeFileSync(join(folder, ".swap"), "retries: 5\n");
  renameSync(join(folder, ".swap"), world.file);
  await armed;
  const told = world.told(1);
  await world.clock.advance(1_000);
  await told;
  expect(world.changes[0]?.next.config.retries).toBe(5);
});

test("a file that is wrong changes nothing, and is told", async () => {
  const world = open("toolyard.config.yaml", "retries: 1\n");
  await world.watch.reload();
  for (const text of ["retries: 99\ntimeoutMs: 5\n", "retries: [\n"]) {
    writeFileSync(world.file, text);
    await world.watch.reload();
  }
  rmSync(world.file);
  await world.watch.reload();
  expect(world.changes).toEqual([]);
  expect(world.problems).toEqual([
    expect.objectContaining({ code: "INVALID_CONFIG", message: expect.stringContaining("retries (line 1, column 1)") }),
    expect.objectContaining({ code: "INVALID_CONFIG" }),
    expect.objectContaining({ message: expect.stringContaining("there is no such file") }),
  ]);
  writeFileSync(world.file, "retries: 2\n");
  await world.watch.reload();
  expect(world.changes[0]?.changes).toEqual([{ path: "retries", before: 1, after: 2, restart: true }]);
});

test("what cannot be applied is not in force", async () => {
  let refuse = true;
  const applied: unknown[] = [];
  const world = open("toolyard.config.yaml", "retries: 1\n", {
    onChange: (next) => {
      if (refuse) throw new Error("no");
      applied.push(next.config.retries);
    },
  });
  await world.watch.reload();
  writeFileSync(world.file, "retries: 2\n");
  await world.watch.reload();
  expect(world.problems).toEqual([new Error("no")]);
  refuse = false;
  await world.watch.reload();
  expect(applied).toEqual([2]);
});

test("reads a program anew, not out of the modules that were loaded", async () => {
  const world = open("toolyard.config.mjs", "export default { retries: 1 };");
  await world.watch.reload();
  writeFileSync(world.file, "export default { retries: 2 };");
  await world.watch.reload();
  expect(world.problems).toEqual([]);
  expect(world.changes[0]?.next.config.retries).toBe(2);
});

test("flags and environment stay over the file, and what is in force is what is compared with", async () => {
  const world = open("toolyard.config.yaml", "retries: 1\ntimeoutMs: 7\n", {
    env: { TOOLYARD_RETRIES: "4" },
    overrides: { timeoutMs: 9 },
    current: { config: { retries: 4, timeoutMs: 9 }, file: null, origins: new Map() },
  });
  await world.watch.reload();
  writeFileSync(world.file, "retries: 2\ntimeoutMs: 8\n");
  await world.watch.reload();
  expect(world.changes).toEqual([]);
});

test("is silent once closed", async () => {
  const world = open("toolyard.config.yaml", "retries: 1\n");
  await world.watch.reload();
  world.watch.close();
  writeFileSync(world.file, "retries: 2\n");
  await world.watch.reload();
  expect(world.changes).toEqual([]);
});
