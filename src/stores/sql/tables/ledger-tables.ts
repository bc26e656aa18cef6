// What calls leave behind: the chained trail, intents that are open, keys that are taken, outcomes that nobody knows. All of it is
// written by the ledger's writer, and what belongs together in one transaction.
import type { SchemaMaker } from "../schema-maker.ts";

export interface LedgerTables {
  /** The records of all chains. Rows are added, and, by a pruning, taken from the beginning of a chain; never changed. */
  audit_records: {
    writer: string;
    seq: number;
    at: number;
    kind: string;
    tenant: string | null;
    principal: string | null;
    tool: string | null;
    code: string | null;
    call_id: string | null;
    body: string;
    prev: string;
    hash: string;
  };
  /** One chain for each opening of the ledger. */
  audit_chains: {
    writer: string;
    opened_at: number;
    /** Where its process runs, to know whether it still does. */
    host: string;
    pid: number;
    process_started: string;
    seen_at: number;
    /** null: it is written, or its process died and nobody has looked yet. */
    closed_at: number | null;
    head_seq: number;
    head_hash: string;
    /** How much of what the writer's process gave it is written: what is not written again when the answer was lost. */
    taken: number;
    /** The first record that is still kept. */
    first_seq: number;
    /** The last record that another chain names. */
    anchored_seq: number;
  };
  /** Calls that were about to have an effect, until it is known what became of them. */
  open_intents: {
    call_id: string;
    writer: string;
    tenant: string;
    principal: string;
    tool: string;
    version: string;
    idempotency_key: string | null;
    at: number;
  };
  /** Idempotency keys. `outcome` is null while the call runs. */
  claims: {
    key: string;
    owner: string;
    version: string;
    arguments_digest: string;
    /** Epoch ms until which the owner is believed to be alive. */
    lease_until: number;
    outcome: string | null;
    /** When a kept outcome goes, epoch ms; null: it stays. */
    expires_at: number | null;
  };
  unknown_outcomes: {
    id: string;
    /** Where it stands in the list: grows with every addition. */
    place: number;
    /** When somebody said what became of it, epoch ms; it stays for a while, so that paging goes on where it was. */
    removed_at: number | null;
    tenant: string;
    principal: string;
    tool: string;
    version: string;
    code: string;
    at: number;
    idempotency_key: string | null;
  };
}

export async function createLedgerTables(maker: SchemaMaker): Promise<void> {
  await createTrail(maker);
  await createCalls(maker);
}

async function createTrail({ schema, text, integer }: SchemaMaker): Promise<void> {
  await schema
    .createTable("audit_records")
    .addColumn("writer", text, (column) => column.notNull())
    .addColumn("seq", integer, (column) => column.notNull())
    .addColumn("at", integer, (column) => column.notNull())
    .addColumn("kind", text, (column) => column.notNull())
    .addColumn("tenant", text)
    .addColumn("principal", text)
    .addColumn("tool", text)
    .addColumn("code", text)
    .addColumn("call_id", text)
    .addColumn("body", text, (column) => column.notNull())
    .addColumn("prev", text, (column) => column.notNull())
    .addColumn("hash", text, (column) => column.notNull())
    .addPrimaryKeyConstraint("audit_records_pk", ["writer", "seq"])
    .execute();
  await schema.createIndex("audit_records_at").on("audit_records").column("at").execute();
  await schema.createIndex("audit_records_call").on("audit_records").column("call_id").execute();
  await schema
    .createTable("audit_chains")
    .addColumn("writer", text, (column) => column.primaryKey())
    .addColumn("opened_at", integer, (column) => column.notNull())
    .addColumn("host", text, (column) => column.notNull())
    .addColumn("pid", integer, (column) => column.notNull())
    .addColumn("process_started", text, (column) => column.notNull())
    .addColumn("seen_at", integer, (column) => column.notNull())
    .addColumn("closed_at", integer)
    .addColumn("head_seq", integer, (column) => column.notNull())
    .addColumn("head_hash", text, (column) => column.notNull())
    .addColumn("taken", integer, (column) => column.notNull())
    .addColumn("first_seq", integer, (column) => column.notNull())
    .addColumn("anchored_seq", integer, (column) => column.notNull())
    .execute();
}

async function createCalls({ schema, text, integer }: SchemaMaker): Promise<void> {
  await schema
    .createTable("open_intents")
    .addColumn("call_id", text, (column) => column.primaryKey())
    .addColumn("writer", text, (column) => column.notNull())
    .addColumn("tenant", text, (column) => column.notNull())
    .addColumn("principal", text, (column) => column.notNull())
    .addColumn("tool", text, (column) => column.notNull())
    .addColumn("version", text, (column) => column.notNull())
    .addColumn("idempotency_key", text)
    .addColumn("at", integer, (column) => column.notNull())
    .execute();
  await schema.createIndex("open_intents_writer").on("open_intents").column("writer").execute();
  await schema
    .createTable("claims")
    .addColumn("key", text, (column) => column.primaryKey())
    .addColumn("owner", text, (column) => column.notNull())
    .addColumn("version", text, (column) => column.notNull())
    .addColumn("arguments_digest", text, (column) => column.notNull())
    .addColumn("lease_until", integer, (column) => column.notNull())
    .addColumn("outcome", text)
    .addColumn("expires_at", integer)
    .execute();
  await schema.createIndex("claims_expiry").on("claims").column("expires_at").execute();
  await schema.createIndex("claims_owner").on("claims").column("owner").execute();
  await schema
    .createTable("unknown_outcomes")
    .addColumn("id", text, (column) => column.primaryKey())
    .addColumn("place", integer, (column) => column.notNull())
    .addColumn("removed_at", integer)
    .addColumn("tenant", text, (column) => column.notNull())
    .addColumn("principal", text, (column) => column.notNull())
    .addColumn("tool", text, (column) => column.notNull())
    .addColumn("version", text, (column) => column.notNull())
    .addColumn("code", text, (column) => column.notNull())
    .addColumn("at", integer, (column) => column.notNull())
    .addColumn("idempotency_key", text)
    .execute();
  await schema.createIndex("unknown_outcomes_place").on("unknown_outcomes").columns(["place", "id"]).execute();
}

/** The way back. */
export async function dropLedgerTables({ schema }: SchemaMaker): Promise<void> {
  for (const table of ["audit_records", "audit_chains", "open_intents", "claims", "unknown_outcomes"])
    await schema.dropTable(table).execute();
}
