// The form of everything around a handler: like a stage, a run ends with a failure, or with undefined when `call.output`
// is set. Failures are values, so that a layer reads what happened instead of catching it. A run never throws.
import type { Failure } from "../../call/outcome.ts";
import type { MaybePromise } from "../../kernel/maybe-promise.ts";
import type { Call } from "../call.ts";
import type { Plan } from "../plan.ts";

export type Run = (call: Call, plan: Plan) => MaybePromise<Failure | undefined>;
export type Layer = (next: Run) => Run;
