// Where secrets of one scheme come from: a secret manager of the operator, plugged in beside the built-in ones.
import type { MaybePromise } from "../kernel/maybe-promise.ts";

export interface SecretProvider {
  /** What references to it begin with, without the colon: 2 to 32 of a to z, 0 to 9, +, - and ., a letter first. */
  readonly scheme: string;
  /**
   * The secret of this name, the reference without its scheme. Called at every use, so a provider whose answers cost something
   * keeps them. `signal` is aborted when the answer is waited for no longer. A ToolyardError it throws is shown as it
   * is; of any other error only the kind, because its text may hold anything.
   */
  resolve(name: string, signal: AbortSignal): MaybePromise<string>;
}
