// Usage in a database: read here, added by the ledger's writer.
import type { UsageRow, UsageStore } from "../../ports/usage-store.ts";
import type { Database } from "./database.ts";
import { toStoredText } from "./stored-text.ts";
import { fromUsageRow, PRUNED_AT_ONCE } from "./usage-rows.ts";

/** What the ledger's writer does for it. */
export interface UsageWriter {
  add(rows: readonly UsageRow[]): Promise<void>;
  /** Some of them, the oldest; `PRUNED_AT_ONCE` when there may be more. */
  prune(minutesBefore: number, hoursBefore: number): Promise<number>;
}

/** A store that reads from `reader`. */
export function createSqlUsageStore({ db }: Database, writer: UsageWriter): UsageStore {
  return {
    add: (rows) => writer.add(rows),
    async prune(minutesBefore, hoursBefore) {
      let gone = 0;
      // Some at a time: what is written of calls meanwhile goes in between.
      for (;;) {
        const some = await writer.prune(minutesBefore, hoursBefore);
        gone += some;
        if (some < PRUNED_AT_ONCE) return gone;
      }
    },
    async read({ grain, from, until, tool, tenant, principal }, limit, offset) {
      let query = db
        .selectFrom("usage_rows")
        .selectAll()
        .where("grain", "=", grain)
        .where("start", ">=", from)
        .where("start", "<", until)
        .orderBy("start")
        .orderBy("tool")
        .orderBy("version")
        .orderBy("tenant")
        .orderBy("principal")
        .limit(limit)
        .offset(offset);
      if (tool !== undefined) query = query.where("tool", "=", toStoredText(tool));
      if (tenant !== undefined) query = query.where("tenant", "=", toStoredText(tenant));
      if (principal !== undefined) query = query.where("principal", "=", toStoredText(principal));
      return (await query.execute()).map(fromUsageRow);
    },
  };
}
