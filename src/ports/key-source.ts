// Where a key of our own comes from: a file in the data directory, a variable, a secret manager of the operator. No database
// holds one.
import type { MaybePromise } from "../kernel/maybe-promise.ts";

export interface KeySource {
  /** For messages: `file:/data/master.key`, `env:TOOLYARD_MASTER_KEY`. Never the key. */
  readonly name: string;
  /**
   * The key, 32 random bytes. `fits` tells whether a key is the one that stored data depends on; null: nothing depends on one
   * yet, and a source that can make one does. Of several keys that it has, a source gives the one that fits; what fits
   * none is given as it is, or refused, and then nothing was made. Rejects with SECRET_UNUSABLE when there is none.
   */
  read(fits: ((key: Uint8Array) => boolean) | null): MaybePromise<Uint8Array>;
}
