// a process that writes to the ledger is killed at any moment, again and again. Everything that it was told is durable is there, the
// chains hold together, and what it left open is listed as unknown.
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { verifyChains } from "../../src/audit/chain/index.ts";
import { hasPostgres, startPrivatePostgres } from "../postgres/private-postgres.ts";
import { createSeededRandom } from "../../src/testing/seeded-random.ts";
import { type KeptLedger, type LedgerPlace, openKeptLedger, toRecordKey } from "./kept-ledger.ts";

const CYCLES = 25;
const POSTGRES_CYCLES = 8;
/** In every so-many-th cycle two processes share the ledger, and are killed one after the other. */
const TOGETHER = 4;
const PROGRAM = fileURLToPath(new URL("killed-callers.ts", import.meta.url));

/** All that the trail may say of a call in the end. */
const ENDINGS: ReadonlySet<string> = new Set(["call.intended, call.succeeded", "call.intended, call.recovered"]);

/** What was acknowledged: word, id of the call, key. */
type Line = readonly [word: string, id: string, key: string];

/** Runs the program until `afterMs` from when it is ready, and kills it; what it said. */
function runAndKill(place: LedgerPlace, run: string, part: string, afterMs: number): Promise<readonly Line[]> {
  const child = spawn(process.execPath, [PROGRAM, JSON.stringify(place), run, part], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const lines: Line[] = [];
  const reader = createInterface({ input: child.stdout });
  return new Promise((resolve, reject) => {
    reader.on("line", (line) => {
      if (line === "ready") setTimeout(() => child.kill("SIGKILL"), afterMs);
      else lines.push(line.split(" ") as unknown as Line);
    });
    child.on("error", reject);
    child.on("close", (code, signal) => {
      if (signal === "SIGKILL") resolve(lines);
      else reject(new Error(`the program ended by itself with ${code ?? signal}`));
    });
  });
}

async function runCycles(place: LedgerPlace, cycles: number): Promise<readonly Line[]> {
  const random = createSeededRandom(20_261_127);
  const told: Line[] = [];
  for (let cycle = 0; cycle < cycles; cycle++) {
    const toMs = (): number => 50 + random.next() * 350;
    const parts = cycle % TOGETHER === TOGETHER - 1 ? ["a", "b"] : ["a"];
    const said = await Promise.all(parts.map((part) => runAndKill(place, `${cycle}`, part, toMs())));
    told.push(...said.flat());
  }
  return told;
}

async function readKinds({ database }: KeptLedger): Promise<ReadonlyMap<string, readonly string[]>> {
  const rows = await database.db
    .selectFrom("audit_records")
    .select(["call_id", "kind"])
    .where("call_id", "is not", null)
    .where("kind", "!=", "call.shadowed")
    .orderBy("writer")
    .orderBy("seq")
    .execute();
  const kinds = new Map<string, string[]>();
  for (const { call_id: id, kind } of rows) {
    const known = kinds.get(id as string);
    if (known === undefined) kinds.set(id as string, [kind]);
    else known.push(kind);
  }
  return kinds;
}

/** Promises that were not kept; empty when all were. */
async function findBroken(kept: KeptLedger, told: readonly Line[]): Promise<readonly string[]> {
  const kinds = await readKinds(kept);
  const owners = new Map<string, string>();
  const broken: string[] = [];
  for (const [word, id, key] of told) {
    if (word === "begun" && owners.has(key)) broken.push(`${key} was given to ${owners.get(key)} and to ${id}`);
    if (word === "begun") owners.set(key, id);
    if (word === "begun" && !kinds.get(id)?.includes("call.intended")) broken.push(`the intent of ${id} is gone`);
    if (word === "ended" && !kinds.get(id)?.includes("call.succeeded")) broken.push(`the outcome of ${id} is gone`);
    if (word === "lost") broken.push(`${key} was taken from ${id}`);
  }
  const stored = told.filter(([word]) => word === "stored");
  for (const [, id, key] of stored) {
    const record = await kept.idempotency.read(toRecordKey(key));
    if (record?.state !== "stored" || record.owner !== id || record.outcome !== `"${id}"`)
      broken.push(`what ${id} stored is gone`);
  }
  for (const [id, found] of kinds) {
    const all = found.toSorted().join(", ");
    if (!ENDINGS.has(all)) broken.push(`${id} has ${all}`);
  }
  return broken;
}

/** Keys of calls that nobody knows the end of: none of them waits for an owner that is gone. */
async function findRunning({ database }: KeptLedger): Promise<readonly string[]> {
  const rows = await database.db
    .selectFrom("claims")
    .select("key")
    .where("outcome", "is", null)
    .where("lease_until", ">", Date.now())
    .execute();
  return rows.map(({ key }) => key);
}

/** What is found in the end; nothing of it should be there. */
async function inspect(
  place: LedgerPlace,
  told: readonly Line[],
): Promise<Readonly<Record<string, readonly unknown[]>>> {
  const kept = await openKeptLedger(place);
  try {
    const { problems } = await verifyChains(kept.reader);
    const recovered = await kept.reader.search({ kind: "call.recovered" }, "oldest", null, 10_000);
    // What is kept under its key is known.
    const unknown = recovered.records.filter(({ index }) => index.code === "OUTCOME_UNKNOWN").length;
    const { all: listed } = await kept.outcomes.count();
    return {
      broken: await findBroken(kept, told),
      running: await findRunning(kept),
      open: await kept.reader.openCalls(),
      miscounted: listed === unknown ? [] : [{ listed, unknown }],
      problems,
    };
  } finally {
    await kept.end();
  }
}

const NOTHING = { broken: [], running: [], open: [], miscounted: [], problems: [] };

describe("a ledger whose writers are killed", () => {
  const promise = "keeps what it has acknowledged, in chains that hold together, and lists what was left open";
  const count = (told: readonly Line[]): number => told.filter(([word]) => word === "ended").length;

  it(`${promise}, in SQLite`, { timeout: 600_000 }, async () => {
    const dir = await mkdtemp(path.join(tmpdir(), "toolyard-kill-"));
    const place = { path: path.join(dir, "ledger.db") };
    try {
      const told = await runCycles(place, CYCLES);
      expect(count(told)).toBeGreaterThan(CYCLES * 10);
      expect(await inspect(place, told)).toEqual(NOTHING);
    } finally {
      await rm(dir, { recursive: true });
    }
  });

  it.skipIf(!hasPostgres())(`${promise}, in PostgreSQL`, { timeout: 600_000 }, async () => {
    await using postgres = await startPrivatePostgres();
    const place = { url: postgres.url };
    const told = await runCycles(place, POSTGRES_CYCLES);
    expect(count(told)).toBeGreaterThan(POSTGRES_CYCLES * 10);
    expect(await inspect(place, told)).toEqual(NOTHING);
  });
});
