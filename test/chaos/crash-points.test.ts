// a process dies at each named point of a call that writes, and the client asks again with the same key. The effect has happened at
// most once, and the client is told the result, or that nobody knows.
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Outcome } from "../../src/call/outcome.ts";
import { verifyChains } from "../../src/audit/chain/index.ts";
import { type AfterCrash, CRASH_POINTS, type CrashPoint } from "./crash-points.ts";
import { openKeptLedger } from "./kept-ledger.ts";

const PROGRAM = fileURLToPath(new URL("crashed-call.ts", import.meta.url));
const KEY = "order-4711";

let dir = "";
beforeEach(async () => {
  dir = await mkdtemp(path.join(tmpdir(), "toolyard-crash-"));
});
afterEach(async () => {
  await rm(dir, { recursive: true });
});

async function callAndDie(point: CrashPoint): Promise<void> {
  const died = promisify(execFile)(process.execPath, [PROGRAM, dir, point, KEY]);
  await expect(died).rejects.toMatchObject({ signal: "SIGKILL" });
}

async function callAgain(): Promise<Outcome> {
  const { stdout } = await promisify(execFile)(process.execPath, [PROGRAM, dir, "none", KEY]);
  return JSON.parse(stdout) as Outcome;
}

async function readEffects(): Promise<readonly string[]> {
  const text = await readFile(path.join(dir, "effects"), "utf8").catch(() => "");
  return text.split("\n").filter((line) => line !== "");
}

function toTold(outcome: Outcome): string {
  if (!outcome.ok) return outcome.error.code === "OUTCOME_UNKNOWN" ? "unknown" : outcome.error.code;
  return outcome.meta.replayOf === null ? "done" : "done before";
}

describe("a call that writes whose process dies", () => {
  for (const [point, { effects, told }] of Object.entries(CRASH_POINTS) as [CrashPoint, AfterCrash][]) {
    it(`${point}: its client is told ${told}, and the effect has happened ${effects} times`, async () => {
      await callAndDie(point);
      const again = await callAgain();
      expect(toTold(again)).toBe(told);
      expect(await readEffects()).toHaveLength(effects);
      // However often it asks, it is told the same, and nothing happens again.
      const third = await callAgain();
      expect(toTold(third)).toBe(told === "done" ? "done before" : told);
      expect(await readEffects()).toHaveLength(effects);
      const kept = await openKeptLedger({ path: path.join(dir, "ledger.db") });
      try {
        expect((await verifyChains(kept.reader)).problems).toEqual([]);
        expect(await kept.reader.openCalls()).toEqual([]);
        const listed = await kept.outcomes.list({});
        const intents = await kept.reader.search({ kind: "call.intended" }, "oldest", null, 10);
        const left = told === "unknown" ? [intents.records[0]?.index.callId] : [];
        expect(listed.map(({ id }) => id)).toEqual(left);
      } finally {
        await kept.end();
      }
    });
  }
});
