// Secrets as their users see them: references that are resolved, and the vault that an operator fills.
import type { SecretText } from "../kernel/secret-text.ts";

export interface SecretDescription {
  readonly name: string;
  /** Grows by one with every change. */
  readonly revision: number;
  /** When it was changed last, epoch ms; by whom, and why. */
  readonly at: number;
  readonly by: string | null;
  readonly reason: string | null;
}

export interface SecretChange {
  /** Who does it. @default nobody known */
  readonly by?: string | null;
  /** Why. @default not said */
  readonly reason?: string | null;
}

export interface SecretPage {
  /** Those after this name. @default from the beginning */
  readonly after?: string;
  /** 1 to 1,000. @default 100 */
  readonly limit?: number;
}

export interface ResolveOptions {
  /** Ends the wait for a provider. */
  readonly signal?: AbortSignal;
}

export interface Secrets {
  /** The secret that a reference names. Rejects with SECRET_UNUSABLE, which names the reference and never the value. */
  resolve(reference: string, options?: ResolveOptions): Promise<SecretText>;
  /**
   * Puts a value of 1 byte to 64 KiB into the vault, over the one that is there. Its revision. Rejects with INVALID_OPTION, with
   * SECRET_UNUSABLE without a usable master key, and with REVISION_CONFLICT when others keep changing it at the same time.
   */
  set(name: string, value: string | SecretText, change?: SecretChange): Promise<number>;
  /** Whether there was one. */
  remove(name: string, change?: SecretChange): Promise<boolean>;
  /** The vault's secrets without their values, in the order of their names. */
  list(page?: SecretPage): Promise<readonly SecretDescription[]>;
  /**
   * Encrypts every secret of the vault anew, under a master key of 32 random bytes: all of them or none. How many there were.
   * Rejects with SECRET_UNUSABLE when one of them cannot be read, and with REVISION_CONFLICT when another rotation was faster.
   */
  rotateMasterKey(next: Uint8Array, change?: SecretChange): Promise<number>;
  /** Forgets the values that are kept in memory. */
  forget(): void;
}
