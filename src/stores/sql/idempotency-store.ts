// Idempotency keys in a database: read here, changed by the ledger's writer. Claims of calls that write come with their intents, through
// the ledger; those of calls that read come through here.
import type { Clock, Timer } from "../../kernel/clock.ts";
import type { ClaimAnswer, IdempotencyStore } from "../../ports/idempotency-store.ts";
import type { Database } from "./database.ts";
import { toRecord } from "./ledger/claim-writer.ts";
import type { LedgerClient } from "./ledger/ledger-client.ts";
import { toStoredText } from "./stored-text.ts";
import { timely } from "./timely.ts";

interface Parts {
  readonly client: LedgerClient;
  readonly reader: Database;
  readonly clock: Clock;
  /** How long an answer of the database is waited for, milliseconds. */
  readonly waitMs: number;
}

/** How often the database is asked about keys that somebody watches: another process may have changed them, milliseconds. */
const POLL_MS = 250;

/** A store over the ledger. */
export function createSqlIdempotencyStore({ client, reader, clock, waitMs }: Parts): IdempotencyStore {
  const watchers = createWatchers(clock);

  const read: IdempotencyStore["read"] = async (key) => {
    const asked = reader.db.selectFrom("claims").selectAll().where("key", "=", toStoredText(key)).executeTakeFirst();
    const row = await timely({ clock, waitMs }, "an idempotency key", asked);
    return row === undefined ? null : toRecord(row, clock.now());
  };

  return {
    read,
    claim: (claim) => client.ask<ClaimAnswer>({ do: "claim", now: clock.now(), claim }, "before"),
    async store(key, owner, outcome, keepMs) {
      const stored = await client.ask<boolean>({ do: "store", now: clock.now(), key, owner, outcome, keepMs }, "after");
      watchers.tell(key);
      return stored;
    },
    async release(key, owner) {
      const released = await client.ask<boolean>({ do: "release", now: clock.now(), key, owner }, "after");
      watchers.tell(key);
      return released;
    },
    watch: (key, onChange) => watchers.add(key, onChange),
  };
}

interface Watchers {
  add(key: string, onChange: () => void): () => void;
  tell(key: string): void;
}

/** What changes here is told at once; what another process changes is noticed by who looks again. */
function createWatchers(clock: Clock): Watchers {
  const byKey = new Map<string, Set<{ readonly onChange: () => void }>>();
  let timer: Timer | null = null;

  const tell = (key: string): void => {
    for (const { onChange } of [...(byKey.get(key) ?? [])]) onChange();
  };
  const poll = (): void => {
    timer = null;
    for (const key of [...byKey.keys()]) tell(key);
    arm();
  };
  const arm = (): void => {
    if (byKey.size > 0) timer ??= clock.setTimer(POLL_MS, poll);
  };

  return {
    tell,
    add(key, onChange) {
      const watcher = { onChange };
      const watching = byKey.get(key) ?? new Set();
      byKey.set(key, watching.add(watcher));
      arm();
      return () => {
        watching.delete(watcher);
        if (watching.size === 0 && byKey.get(key) === watching) byKey.delete(key);
        if (byKey.size > 0 || timer === null) return;
        clock.clearTimer(timer);
        timer = null;
      };
    },
  };
}
