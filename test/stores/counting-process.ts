// A process among others on the same state: counts a setting up, each time from the value it has seen, and says each count in the trail.
// Arguments: where the state is, how often it counts, and its name.
import type { Stores } from "../../src/ports/stores.ts";
import { openPostgresStores } from "../../src/stores/sql/postgres/index.ts";
import { openSqliteStores } from "../../src/stores/sql/sqlite/index.ts";
import { toCallEvent } from "../cli/audit-folder.ts";

const [place = "", times = "0", name = ""] = process.argv.slice(2);
/** Who is last in a queue of processes is not who is tested. */
const ledger = { writeTimeoutMs: 30_000 };
const COUNTER = { kind: "role", id: "COUNTER" } as const;

await using stores: Stores = place.startsWith("postgres:")
  ? await openPostgresStores({ url: place, ledger })
  : await openSqliteStores({ dir: place, ledger });

async function count(): Promise<number> {
  for (;;) {
    const found = await stores.settings.get(COUNTER.kind, COUNTER.id);
    const value = ((found?.body as number | undefined) ?? 0) + 1;
    const change = { ...COUNTER, body: value, at: value, by: name, reason: null };
    if ((await stores.settings.set(change, found?.revision ?? 0)) !== null) return value;
  }
}

for (let index = 0; index < Number(times); index++) {
  const value = await count();
  await stores.ledger.append({ ...toCallEvent(value), callId: `count_${value}` }, "durable");
}
