// What a restore does before it touches anything: looks whether the trail in the backup is what was written, ends what was open when the
// backup was made, and writes down that, when and from what it was restored.
import { toActEvent } from "../../audit/audit-event.ts";
import { verifyChains, type VerifyResult } from "../../audit/chain/index.ts";
import { createPrincipal } from "../../index.ts";
import type { ChainHead } from "../../ports/audit-reader.ts";
import { AUDIT_KEY_VARIABLE, toLedgerOptions } from "../../server/state/index.ts";
import type { Staged } from "../../stores/sql/backup/index.ts";
import { openSqliteReaders, openSqliteStores } from "../../stores/sql/sqlite/index.ts";
import { createProgressLine } from "../audit/progress.ts";
import { CliError } from "../cli-error.ts";
import type { Session } from "../verb.ts";

export interface FinishOptions {
  /** Heads of the chains that are replaced. */
  readonly replaced: readonly ChainHead[];
  /** Whether a trail that cannot be verified is restored all the same. */
  readonly unverified: boolean;
  readonly reason: string | null;
}

/** Heads that are written down. More chains than this in one state are a state of many years. */
const MAX_HEADS = 256;

/** Rejects when the trail is not what was written, unless that was said to be all the same. Whether it is. */
export async function finishRestore(session: Session, staged: Staged, options: FinishOptions): Promise<boolean> {
  const { io } = session;
  const ledger = toLedgerOptions(io.env);
  const result = await verify(session, staged.dir, ledger.key);
  if (!result.ok && !options.unverified) throw toRefusal(result, ledger.key !== undefined);
  await using stores = await openSqliteStores({ dir: staged.dir, ledger, clock: io.clock });
  const { header, sha256 } = staged;
  const details = {
    backup: { at: new Date(header.at).toISOString(), sha256 },
    verified: result.ok,
    replaced: options.replaced.slice(0, MAX_HEADS).map(({ writer, seq, hash }) => ({ writer, seq, hash })),
    reason: options.reason,
  };
  const act = { type: "state.restored", tool: "*", version: null, digest: null, details } as const;
  const principal = createPrincipal({ id: "cli" });
  await stores.ledger.append(toActEvent({ ...act, principal }, io.clock.now(), details), "durable");
  return result.ok;
}

async function verify({ io }: Session, dir: string, key: Uint8Array | undefined): Promise<VerifyResult> {
  await using readers = await openSqliteReaders({ dir, clock: io.clock });
  const progress = createProgressLine(io);
  try {
    return await verifyChains(readers.auditReader, {
      ...(key !== undefined && { key }),
      onProgress: ({ records, total }) => progress.show(`verifying the audit trail: ${records} of ${total} records`),
    });
  } finally {
    progress.clear();
  }
}

function toRefusal({ problems, problemCount }: VerifyResult, hasKey: boolean): CliError {
  const [first] = problems;
  const what =
    first === undefined
      ? ""
      : `: ${first.kind} in ${first.writer}, expected ${first.expected}, received ${first.received}`;
  const hint = hasKey ? "" : ` If it was written under an audit key, set ${AUDIT_KEY_VARIABLE}.`;
  return new CliError(
    `the audit trail in the backup has ${problemCount} ${problemCount === 1 ? "problem" : "problems"}${what}.${hint} ` +
      "Nothing was changed; --unverified restores it as it is",
  );
}
