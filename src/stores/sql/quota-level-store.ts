// Levels of quotas in a database: read here, put by the ledger's writer.
import type { QuotaLevel, QuotaLevelStore } from "../../ports/quota-level-store.ts";
import type { Database } from "./database.ts";
import { fromQuotaLevelRow } from "./quota-level-rows.ts";
import { toStoredText } from "./stored-text.ts";

/** What the ledger's writer does for it. */
export interface QuotaLevelWriter {
  put(levels: readonly QuotaLevel[]): Promise<void>;
  prune(now: number): Promise<number>;
}

/** A store that reads from `reader`. */
export function createSqlQuotaLevelStore({ db }: Database, writer: QuotaLevelWriter): QuotaLevelStore {
  return {
    put: (levels) => writer.put(levels),
    prune: (now) => writer.prune(Math.floor(now)),
    async page(now, after, limit) {
      let query = db
        .selectFrom("quota_levels")
        .selectAll()
        .where("until", ">", Math.floor(now))
        .orderBy("key")
        .limit(limit);
      if (after !== null) query = query.where("key", ">", toStoredText(after));
      return (await query.execute()).map(fromQuotaLevelRow);
    },
  };
}
