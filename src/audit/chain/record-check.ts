// Whether records have the hash of what they say. Which hash a chain was written with is found out from its records, not
// believed from what its first one says: whoever rewrites a chain would write there what suits them.
import type { ChainRecord } from "../../ports/audit-reader.ts";
import type { TextHash } from "./record-hash.ts";
import { toRecordText } from "./record-text.ts";

export type HashMode = "plain" | "keyed";

export interface RecordCheck {
  /** What the chain is hashed with; null while no record had either hash. */
  readonly mode: HashMode | null;
  /** Whether the hash is that of the record. */
  isIntact(record: ChainRecord): boolean;
}

/** The hashes that a chain may have been written with. */
export interface Hashes {
  readonly plain: TextHash;
  /** null: no key was given. */
  readonly keyed: TextHash | null;
}

/** Creates the check of one chain. */
export function createRecordCheck({ plain, keyed }: Hashes): RecordCheck {
  let mode: HashMode | null = null;
  return {
    get mode() {
      return mode;
    },
    isIntact(record) {
      const text = toText(record);
      if (text === null) return false;
      if (mode !== null) return record.hash === (mode === "plain" ? plain : (keyed as TextHash))(text);
      if (keyed !== null && record.hash === keyed(text)) mode = "keyed";
      else if (record.hash === plain(text)) mode = "plain";
      return mode !== null;
    },
  };
}

/** null for what cannot have been written: a database may hold anything. */
function toText(record: ChainRecord): string | null {
  const { seq, at, bodyText, hash } = record;
  if (!Number.isSafeInteger(seq) || !Number.isSafeInteger(at)) return null;
  if (typeof bodyText !== "string" || typeof hash !== "string") return null;
  try {
    return toRecordText(record);
  } catch {
    return null;
  }
}
