// Where results are kept that are too large for a model to be shown whole. An artefact belongs to one principal of one
// tenant: nobody else can read it, not even knowing its id.
import type { MaybePromise } from "../kernel/maybe-promise.ts";

export interface ArtefactOwner {
  readonly tenant: string;
  readonly principal: string;
}

export interface ArtefactStore {
  /** Keeps `text` for `keepMs`, or less. False when it has no room for it, and nothing is kept. */
  put(owner: ArtefactOwner, id: string, text: string, keepMs: number): MaybePromise<boolean>;
  /** null: there is none of this id that belongs to the owner, or none any more. */
  get(owner: ArtefactOwner, id: string): MaybePromise<string | null>;
}
