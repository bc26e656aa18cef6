// One hash chain: each record names the hash of the one before, so that none can be changed, taken out or put in between
// without all later ones being written anew. One chain has one writer, who holds this object; nothing here is shared.
import type { ChainHead, ChainRecord, RecordIndex } from "../../ports/audit-reader.ts";
import { assertAuditKey } from "./audit-key.ts";
import { createTextHash } from "./record-hash.ts";
import { createBodyWriter, toRecordText } from "./record-text.ts";

export interface ChainOptions {
  /** Id of the chain: of one opening of the ledger by one process. */
  readonly writer: string;
  /** HMAC-SHA-256 under these 32 to 1,024 bytes instead of SHA-256. @default no key */
  readonly key?: Uint8Array;
  /** Where the chain goes on. @default at its beginning */
  readonly head?: Pick<ChainHead, "seq" | "hash">;
}

/** What becomes a record. */
export interface ChainEntry {
  /** Epoch ms; fractions are cut off. */
  readonly at: number;
  readonly kind: string;
  /** An AuditEvent, or a body of `bookkeeping.ts`; JSON data, in which members may be undefined. */
  readonly body: object;
}

export interface Chain {
  /** The last record; `seq` 0 and the empty hash before the first. */
  readonly head: ChainHead;
  readonly keyed: boolean;
  /** Makes the next record, which is now the head: whoever cannot write it must go back with `rewind`. */
  append(entry: ChainEntry): ChainRecord;
  /** Makes `head` the head again, after records behind it could not be written. */
  rewind(head: Pick<ChainHead, "seq" | "hash">): void;
}

/** Creates a chain. Throws INVALID_OPTION for a key that is too short. */
export function createChain({ writer, key, head }: ChainOptions): Chain {
  const toHash = createTextHash(key === undefined ? null : assertAuditKey(key));
  const toBodyText = createBodyWriter();
  let seq = head?.seq ?? 0;
  let prev = head?.hash ?? "";
  return {
    get head() {
      return { writer, seq, hash: prev };
    },
    keyed: key !== undefined,
    append({ at, kind, body }) {
      const linked = { writer, seq: seq + 1, at: Math.trunc(at), kind, bodyText: toBodyText(body), prev };
      const record = { ...linked, hash: toHash(toRecordText(linked)), index: toRecordIndex(body) };
      seq = record.seq;
      prev = record.hash;
      return record;
    },
    rewind(to) {
      seq = to.seq;
      prev = to.hash;
    },
  };
}

/** What a record with this body is found by. */
export function toRecordIndex(body: object): RecordIndex {
  const { tenant, principal, tool, code, callId } = body as Readonly<Record<string, unknown>>;
  return {
    tenant: toText(tenant),
    principal: toText(principal),
    tool: toText(tool),
    code: toText(code),
    callId: toText(callId),
  };
}

function toText(value: unknown): string | null {
  // As it is in the body.
  return typeof value === "string" ? value.toWellFormed() : null;
}
