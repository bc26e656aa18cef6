// Random histories of a trail: several writers that open, write, name one another's heads, close or die, and ways to tamper
// with what they left.
import fc from "fast-check";
import { toAnchoredBody, toCheckpointBodies, toOpenedBody } from "../../src/audit/chain/bookkeeping.ts";
import { type Chain, createChain } from "../../src/audit/chain/chain.ts";
import { createTextHash } from "../../src/audit/chain/record-hash.ts";
import { toRecordText } from "../../src/audit/chain/record-text.ts";
import type { AuditReader, ChainHead, ChainRecord, Pruning } from "../../src/ports/audit-reader.ts";
import { createMemoryAuditReader } from "../../src/stores/memory/audit-reader.ts";

/** What a database would hold. */
export interface Trail {
  records: ChainRecord[];
  /** The list of chains. */
  heads: ChainHead[];
}

export type Act =
  | { readonly kind: "open" }
  | { readonly kind: "write" | "anchor" | "close" | "die"; readonly who: number; readonly what: string };

const acts: fc.Arbitrary<Act> = fc.oneof(
  { weight: 1, arbitrary: fc.constant({ kind: "open" } as const) },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constantFrom(
        "write" as const,
        "write" as const,
        "write" as const,
        "anchor" as const,
        "close" as const,
        "die" as const,
      ),
      who: fc.nat({ max: 3 }),
      what: fc.string({ unit: "grapheme", maxLength: 6 }),
    }),
  },
);

/** What happened, before a last writer names every head. */
export const histories: fc.Arbitrary<readonly Act[]> = fc.array(acts, { minLength: 4, maxLength: 40 });

/** Plays a history. At its end one more writer, whose chain is `z`, opens and so names the heads of all others. */
export function play(history: readonly Act[], key?: Uint8Array): Trail {
  const records: ChainRecord[] = [];
  const heads = new Map<string, ChainHead>();
  const anchored = new Map<string, number>();
  const running: Chain[] = [];
  let opened = 0;
  let now = 1_000;
  const add = (chain: Chain, kind: string, body: object): void => {
    records.push(chain.append({ at: now++, kind, body }));
    heads.set(chain.head.writer, chain.head);
  };
  const take = (own: string): readonly ChainHead[] => {
    const anchors = [...heads.values()].filter(
      ({ writer, seq }) => writer !== own && seq > (anchored.get(writer) ?? 0),
    );
    for (const { writer, seq } of anchors) anchored.set(writer, seq);
    return anchors;
  };
  const open = (writer: string): void => {
    const chain = createChain({ writer, ...(key && { key }) });
    add(chain, "chain.opened", toOpenedBody(key !== undefined, "1.0.0", take(writer)));
    running.push(chain);
  };
  open("w0");
  for (const act of history) {
    if (act.kind === "open") {
      open(`w${++opened}`);
      continue;
    }
    const index = act.who % Math.max(1, running.length);
    const chain = running[index];
    if (chain === undefined) continue;
    if (act.kind === "write") add(chain, "call.succeeded", toEvent(act.what));
    else if (act.kind === "anchor") add(chain, "chain.anchored", toAnchoredBody(take(chain.head.writer)));
    else {
      if (act.kind === "close") add(chain, "chain.closed", { records: chain.head.seq + 1 });
      running.splice(index, 1);
    }
  }
  open("z");
  return { records, heads: [...heads.values()] };
}

export function toEvent(what: string): object {
  return { tenant: "t", principal: what, tool: "orders.get", code: null, callId: `call_${what}`, arguments: { what } };
}

export function toReader({ records, heads }: Trail, openCalls: readonly string[] = []): AuditReader {
  return createMemoryAuditReader(() => ({ records, heads, openCalls }));
}

/** A list of chains that says what the records say: whoever can change records can change it too. */
export function toHeads(records: readonly ChainRecord[]): ChainHead[] {
  const heads = new Map<string, ChainHead>();
  for (const { writer, seq, hash } of records)
    if (seq > (heads.get(writer)?.seq ?? 0)) heads.set(writer, { writer, seq, hash });
  return [...heads.values()];
}

/** Changes one member of one record. */
export const FORGERIES: readonly (readonly [name: string, forge: (record: ChainRecord) => ChainRecord])[] = [
  ["at", (record) => ({ ...record, at: record.at + 1 })],
  ["kind", (record) => ({ ...record, kind: `${record.kind}.` })],
  ["seq", (record) => ({ ...record, seq: record.seq + 1_000 })],
  ["writer", (record) => ({ ...record, writer: `${record.writer}x` })],
  ["prev", (record) => ({ ...record, prev: `${record.prev}0` })],
  ["hash", (record) => ({ ...record, hash: flip(record.hash) })],
  ["bodyText", (record) => ({ ...record, bodyText: record.bodyText.replace(/.$/, ',"zz":1}') })],
  ["bodyText by a space", (record) => ({ ...record, bodyText: ` ${record.bodyText}` })],
  ["bodyText, no JSON", (record) => ({ ...record, bodyText: record.bodyText.slice(1) })],
  ["index.tenant", (record) => ({ ...record, index: { ...record.index, tenant: "other" } })],
  ["index.callId", (record) => ({ ...record, index: { ...record.index, callId: "other" } })],
];

function flip(hash: string): string {
  return (hash.startsWith("0") ? "1" : "0") + hash.slice(1);
}

/** Writes a chain anew from its record `from` on, so that its hashes fit again: what somebody without the key can do. */
export function rewrite(
  records: readonly ChainRecord[],
  writer: string,
  from: number,
  key?: Uint8Array,
): ChainRecord[] {
  const before = records.find((record) => record.writer === writer && record.seq === from - 1);
  const chain = createChain({ writer, ...(before && { head: before }), ...(key && { key }) });
  return records.map((record) => {
    if (record.writer !== writer || record.seq < from) return record;
    const body = JSON.parse(record.bodyText) as object;
    return chain.append({ at: record.at, kind: record.kind, body });
  });
}

/** Gives a record the hash of what it says, without a key. */
export function rehash(record: ChainRecord): ChainRecord {
  return { ...record, hash: createTextHash(null)(toRecordText(record)) };
}

/** What a ledger does of a pruning: a writer of its own states it, and then the first `share` of what may go is taken. */
export function prune(trail: Trail, pruning: Pruning, by: string, share: number, key?: Uint8Array): Trail {
  const chain = createChain({ writer: by, ...(key && { key }) });
  const at = Math.max(...trail.records.map((record) => record.at)) + 1;
  const added = [
    chain.append({ at, kind: "chain.opened", body: toOpenedBody(key !== undefined, "1.0.0", []) }),
    ...toCheckpointBodies(pruning).map((body) => chain.append({ at, kind: "chain.checkpoint", body })),
    chain.append({ at, kind: "chain.closed", body: { records: chain.head.seq + 1 } }),
  ];
  const lasts = new Map(pruning.pruned.map(({ writer, seq }) => [writer, seq]));
  const goes = ({ writer, seq }: ChainRecord): boolean => seq <= (lasts.get(writer) ?? 0);
  const taken = new Set(trail.records.filter(goes).slice(0, Math.ceil(trail.records.filter(goes).length * share)));
  const records = [...trail.records.filter((record) => !taken.has(record)), ...added];
  const left = new Set(records.map(({ writer }) => writer));
  return { records, heads: [...trail.heads, chain.head].filter(({ writer }) => left.has(writer)) };
}
