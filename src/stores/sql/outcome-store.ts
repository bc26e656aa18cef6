// Calls whose effect is not known, in a database: read here, changed by the ledger's writer.
import type { Clock } from "../../kernel/clock.ts";
import type {
  OutcomeCount,
  OutcomeFilter,
  OutcomeOwner,
  OutcomeStore,
  UnknownOutcome,
} from "../../ports/outcome-store.ts";
import { createBoundedMap } from "../../kernel/bounded-map.ts";
import type { Database } from "./database.ts";
import type { LedgerClient } from "./ledger/ledger-client.ts";
import { fromRow } from "./ledger/outcome-writer.ts";
import { toStoredText } from "./stored-text.ts";
import { type Bound, timely } from "./timely.ts";

interface Parts {
  readonly client: Pick<LedgerClient, "ask">;
  readonly reader: Database;
  readonly clock: Clock;
  /** How long a count is waited for, milliseconds. */
  readonly waitMs: number;
}

const MAX_LIMIT = 1_000;
/** The count stops calls that write when it is in the hundreds: another process's may be a second late. */
const COUNTED_MS = 1_000;
const MAX_COUNTED = 10_000;

/** A store over the ledger. */
export function createSqlOutcomeStore({ client, reader, clock, waitMs }: Parts): OutcomeStore {
  const counts = createCounts(reader, { clock, waitMs });
  return {
    async add(outcome) {
      await client.ask({ do: "list", outcome }, "after");
      counts.forget();
    },
    async get(id) {
      const row = await reader.db
        .selectFrom("unknown_outcomes")
        .selectAll()
        .where("id", "=", toStoredText(id))
        .where("removed_at", "is", null)
        .executeTakeFirst();
      return row === undefined ? null : fromRow(row);
    },
    list: (filter) => list(reader, filter),
    async remove(id) {
      const removed = await client.ask<boolean>({ do: "unlist", now: clock.now(), outcome: id }, "after");
      counts.forget();
      return removed;
    },
    count: (of) => counts.read(of),
  };
}

async function list({ db }: Database, filter: OutcomeFilter): Promise<readonly UnknownOutcome[]> {
  const { tenant, tool, limit = 100, after } = filter;
  let query = db
    .selectFrom("unknown_outcomes")
    .selectAll()
    .where("removed_at", "is", null)
    .orderBy("place")
    .orderBy("id")
    .limit(Math.min(Math.max(1, limit), MAX_LIMIT));
  if (tenant !== undefined) query = query.where("tenant", "=", toStoredText(tenant));
  if (tool !== undefined) query = query.where("tool", "=", toStoredText(tool));
  if (after !== undefined) {
    // Also where it was removed meanwhile: its place is remembered for a day.
    const last = await db
      .selectFrom("unknown_outcomes")
      .select(["place", "id"])
      .where("id", "=", toStoredText(after))
      .executeTakeFirst();
    if (last !== undefined) {
      query = query.where((where) =>
        where.or([
          where("place", ">", last.place),
          where.and([where("place", "=", last.place), where("id", ">", last.id)]),
        ]),
      );
    }
  }
  return (await query.execute()).map(fromRow);
}

interface Counts {
  read(of: OutcomeOwner | undefined): OutcomeCount | Promise<OutcomeCount>;
  /** What is changed here counts at once. */
  forget(): void;
}

/** Where nothing is known yet, nothing is held against the call: its intent is refused by the same database a moment later. */
function toFirst(): OutcomeCount {
  return { all: 0, own: 0 };
}

function createCounts({ db }: Database, bound: Bound): Counts {
  const { clock } = bound;
  const known = createBoundedMap<string, { readonly at: number; readonly count: OutcomeCount }>(MAX_COUNTED);

  const ask = async (of: OutcomeOwner | undefined, key: string, epoch: number): Promise<OutcomeCount> => {
    const listed = db.selectFrom("unknown_outcomes").where("removed_at", "is", null);
    const { all } = await listed.select(({ fn }) => fn.countAll<number>().as("all")).executeTakeFirstOrThrow();
    const { own } =
      of === undefined || all === 0
        ? { own: 0 }
        : await listed
            .select(({ fn }) => fn.countAll<number>().as("own"))
            .where("tenant", "=", toStoredText(of.tenant))
            .where("principal", "=", toStoredText(of.principal))
            .where("tool", "=", toStoredText(of.tool))
            .executeTakeFirstOrThrow();
    const count = { all, own };
    if (epoch === changes) known.set(key, { at: clock.monotonic(), count });
    return count;
  };

  let changes = 0;
  const asking = new Set<string>();
  return {
    read(of) {
      const key = of === undefined ? "" : `${of.tenant}\0${of.principal}\0${of.tool}`;
      const found = known.get(key);
      if (found === undefined)
        return timely(bound, "the count of unknown outcomes", ask(of, key, changes)).catch(toFirst);
      // An old one is answered too, and asked for anew: a database that hangs is noticed when the intent is written.
      if (clock.monotonic() - found.at >= COUNTED_MS && !asking.has(key)) {
        asking.add(key);
        ask(of, key, changes).then(
          () => asking.delete(key),
          () => asking.delete(key),
        );
      }
      return found.count;
    },
    forget() {
      changes++;
      known.clear();
    },
  };
}
