// What the writing thread is started with.
import type { PostgresOptions } from "../postgres/open-database.ts";
import type { SpooledOps } from "./spool.ts";

export interface WorkerSettings {
  readonly sqlite: { readonly path: string; readonly busyMs: number } | null;
  readonly postgres: (PostgresOptions & { readonly lock: number }) | null;
  /** Under which records are hashed; null: not keyed. */
  readonly key: Uint8Array | null;
  /** Version of the package, for the first record. */
  readonly version: string;
  /** A writer of this process whose thread has died. */
  readonly previous: string | null;
  /** What earlier processes could not write. */
  readonly spooled: readonly SpooledOps[];
}
