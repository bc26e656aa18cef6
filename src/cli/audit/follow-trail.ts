// New records as they are written, of every chain. By the number of the last record seen of each chain and not by time:
// writers' clocks differ, and what was written in a batch has an earlier time than what is already there.
import { comparePlaces, isChainKind, matchesFilter } from "../../audit/chain/index.ts";
import type { AuditFilter, AuditReader, ChainRecord, ChainState } from "../../index.ts";

const PAGE = 500;

/** Where the reading of each chain has come to. */
export type TrailPosition = Map<string, number>;

/** The position behind everything that is there now. */
export function toPosition(chains: readonly ChainState[]): TrailPosition {
  return new Map(chains.map(({ writer, seq }) => [writer, seq]));
}

export interface NewRecords {
  /** By time, of those that were written since the last look. */
  readonly records: readonly ChainRecord[];
  /** Whether there may be more at once. */
  readonly more: boolean;
}

/** Reads on from `position`, which it moves; a page of each chain at most. */
export async function readNew(reader: AuditReader, position: TrailPosition, filter: AuditFilter): Promise<NewRecords> {
  const found: ChainRecord[] = [];
  let more = false;
  for (const { writer, seq } of await reader.chains()) {
    const last = position.get(writer) ?? 0;
    if (seq <= last) continue;
    const page = await reader.chain(writer, last, PAGE);
    position.set(writer, page.at(-1)?.seq ?? last);
    more ||= page.length === PAGE;
    found.push(...page.filter((record) => !isChainKind(record.kind) && matchesFilter(record, filter)));
  }
  return { records: found.toSorted(comparePlaces), more };
}
