// Reads a trail that is held in memory: for tests, and the model of what a database gives.
import { comparePlaces, parseRecordCursor, toRecordCursor } from "../../audit/chain/record-cursor.ts";
import { matchesFilter } from "../../audit/chain/record-filter.ts";
import { isChainKind } from "../../audit/chain/bookkeeping.ts";
import type { AuditReader, ChainHead, ChainRecord, ChainState } from "../../ports/audit-reader.ts";

/** What a reader in memory reads; asked again at each read. */
export interface MemoryTrail {
  readonly records: Iterable<ChainRecord>;
  /** The list of chains. @default one with the last record of each chain */
  readonly heads?: Iterable<ChainHead>;
  readonly openCalls?: Iterable<string>;
}

/** Creates a reader of what `read` gives. */
export function createMemoryAuditReader(read: () => MemoryTrail): AuditReader {
  return {
    chains: () => toStates(read()),
    chain: (writer, afterSeq, limit) =>
      [...read().records]
        .filter((record) => record.writer === writer && record.seq > afterSeq)
        .toSorted((a, b) => a.seq - b.seq)
        .slice(0, limit),
    search(filter, order, cursor, limit) {
      const sign = order === "oldest" ? 1 : -1;
      const after = cursor === null ? null : parseRecordCursor(cursor);
      const found = [...read().records]
        .filter((record) => !isChainKind(record.kind) && matchesFilter(record, filter))
        .filter((record) => after === null || comparePlaces(record, after) * sign > 0)
        .toSorted((a, b) => comparePlaces(a, b) * sign);
      const records = found.slice(0, limit);
      const last = records.at(-1);
      return { records, cursor: last === undefined || found.length <= limit ? null : toRecordCursor(last) };
    },
    openCalls: () => [...(read().openCalls ?? [])],
  };
}

function toStates({ records, heads }: MemoryTrail): readonly ChainState[] {
  const firsts = new Map<string, number>();
  const lasts = new Map<string, ChainRecord>();
  for (const record of records) {
    const { writer, seq } = record;
    if (seq < (firsts.get(writer) ?? Number.POSITIVE_INFINITY)) firsts.set(writer, seq);
    if (seq > (lasts.get(writer)?.seq ?? 0)) lasts.set(writer, record);
  }
  const listed = new Map([...(heads ?? lasts.values())].map((head): [string, ChainHead] => [head.writer, head]));
  return [...new Set([...listed.keys(), ...firsts.keys()])].toSorted().map((writer) => {
    const { seq, hash } = (listed.get(writer) ?? lasts.get(writer)) as ChainHead;
    const ended = lasts.get(writer)?.kind === "chain.closed";
    return { writer, seq, hash, first: firsts.get(writer) ?? seq + 1, ended, listed: listed.has(writer) };
  });
}
