// Who an administrative act is told to: before it is done, and afterwards. What is told holds no secret and no key.
import type { JsonObject } from "../kernel/json.ts";
import type { MaybePromise } from "../kernel/maybe-promise.ts";
import type { AdministrativeAct } from "./audit-sink.ts";

export interface RecordedAct {
  readonly type: AdministrativeAct;
  /** Whom the act concerns; null: nobody in particular. */
  readonly subject: { readonly tenant: string; readonly principal: string } | null;
  /** What it does, who does it (`by`) and why (`reason`). */
  readonly details: JsonObject;
}

export interface ActRecorder {
  /** The act is about to be done. When it rejects, the act is not done. */
  intend(act: RecordedAct): MaybePromise<void>;
  /** The act was done. What fails here the recorder reports itself: the act stays. */
  record(act: RecordedAct): MaybePromise<void>;
}
