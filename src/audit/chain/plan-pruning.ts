// Which records may go because they are old. Only from the beginning of a chain, never past a call that is still open, and
// never the last record of a chain that may be written to. What is left can be verified as before, because the
// checkpoint that takes their place names the last record that went of each chain.
import { invariant } from "../../kernel/invariant.ts";
import type { AuditReader, ChainHead, ChainRecord, Pruning } from "../../ports/audit-reader.ts";
import type { ScannedChain } from "./chain-scan.ts";
import type { VerifyResult } from "./verify-chains.ts";

export interface PlanOptions {
  /** Epoch ms; only what is older goes. */
  readonly before: number;
  /** What `verifyChains` found just now. A trail with problems is not pruned: they might go with what is old. */
  readonly verified: VerifyResult;
  /** @default 500 */
  readonly pageSize?: number;
  readonly signal?: AbortSignal;
}

export interface PruningPlan {
  readonly pruning: Pruning;
  /** How many records go now. */
  readonly records: number;
}

/** Plans a pruning; null when nothing is old enough. Throws when what was verified has problems. */
export async function planPruning(reader: AuditReader, options: PlanOptions): Promise<PruningPlan | null> {
  const { before, verified } = options;
  invariant(verified.ok, "only a trail without problems is pruned");
  const open = new Set(await reader.openCalls());
  const pruned = new Map<string, ChainHead>();
  for (const head of verified.pruned) if (isNeeded(head.writer, verified)) pruned.set(head.writer, head);
  const ended = new Set((await reader.chains()).filter((chain) => chain.ended).map(({ writer }) => writer));
  let records = 0;
  for (const chain of verified.chains) {
    // A running writer goes on behind its last record, which it has to find.
    const spared = ended.has(chain.writer) ? 0 : 1;
    const cut = await findCut(reader, chain, spared, open, options);
    if (cut === null) continue;
    records += cut.seq - chain.first + 1;
    // An earlier pruning may have meant to take more, and was cut off.
    if (cut.seq > (pruned.get(chain.writer)?.seq ?? 0)) pruned.set(chain.writer, cut);
  }
  return records === 0 ? null : { pruning: { before, pruned: [...pruned.values()] }, records };
}

/** A checkpoint is stated anew while there are records of the chain, or records that name it. */
function isNeeded(writer: string, { chains, gone }: VerifyResult): boolean {
  return gone.includes(writer) || chains.some((chain) => chain.writer === writer && chain.head !== null);
}

/** The last record of the chain that may go; null when none may. */
async function findCut(
  reader: AuditReader,
  { writer, first, head }: ScannedChain,
  spared: number,
  open: ReadonlySet<string>,
  { before, pageSize = 500, signal }: PlanOptions,
): Promise<ChainHead | null> {
  if (head === null) return null;
  const last = head.seq - spared;
  let cut: ChainRecord | null = null;
  for (let seq = first - 1; seq < last; seq = (cut as ChainRecord).seq) {
    signal?.throwIfAborted();
    const page = await reader.chain(writer, seq, pageSize);
    const stop = page.findIndex((record) => record.seq > last || record.at >= before || isOpen(record, open));
    cut = page[(stop === -1 ? page.length : stop) - 1] ?? cut;
    if (stop !== -1 || page.length === 0) break;
  }
  return cut === null ? null : { writer, seq: cut.seq, hash: cut.hash };
}

function isOpen({ kind, index }: ChainRecord, open: ReadonlySet<string>): boolean {
  return kind === "call.intended" && index.callId !== null && open.has(index.callId);
}
