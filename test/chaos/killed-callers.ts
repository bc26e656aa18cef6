// A program that is killed while 64 callers write to the ledger. Two callers want each key. Whatever the ledger has acknowledged
// goes out at once, a line each; a line that is out is a promise.
// Arguments: where the ledger is, as JSON, and a name of this run that ids are made with.
import { writeSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { type LedgerPlace, openKeptLedger, toEvent, toRecordKey } from "./kept-ledger.ts";

const CALLERS = 64;

const [place, run, part] = process.argv.slice(2) as [string, string, string];
const { ledger, idempotency } = await openKeptLedger(JSON.parse(place) as LedgerPlace);

/** Out before anything else happens: nothing acknowledged stays in this process. */
function tell(...words: readonly string[]): void {
  for (let rest = Buffer.from(`${words.join(" ")}\n`); rest.length > 0;) {
    try {
      rest = rest.subarray(writeSync(1, rest));
    } catch (error) {
      // The pipe is full until the other side has read.
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
    }
  }
}

async function call(caller: number, round: number): Promise<void> {
  const id = `call_${run}_${part}_${caller}_${round}`;
  const key = `key_${run}_${caller >> 1}_${round}`;
  ledger.append(toEvent("call.shadowed", `read_${id}`, null), "batched");
  const claim = { key: toRecordKey(key), owner: id, version: "1.0.0", argumentsDigest: "d", leaseMs: 600_000 };
  const answer = await ledger.begin(toEvent("call.intended", id, key), claim);
  if (!answer.ok) return;
  tell("begun", id, key);
  if (!(await idempotency.store(claim.key, id, `"${id}"`, null))) tell("lost", id, key);
  tell("stored", id, key);
  await ledger.append(toEvent("call.succeeded", id, key), "durable");
  tell("ended", id, key);
}

async function drive(caller: number): Promise<never> {
  for (let round = 0; ; round++) {
    // A busy disk, or the other process's write: what the ledger refused is no promise.
    await call(caller, round).catch(async (error: Error) => {
      tell("refused", error.message.replaceAll(/\s/g, "_"));
      await setTimeout(10);
    });
  }
}

tell("ready");
await Promise.all(Array.from({ length: CALLERS }, (_, caller) => drive(caller)));
