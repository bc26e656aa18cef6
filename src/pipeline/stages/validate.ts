// Reads the arguments and checks them against the tool's own schema. Before any quota is taken: a malformed call costs
// nothing, and its answer names everything that is wrong at once.
import type { Outcome } from "../../call/outcome.ts";
import { isPromiseLike, type MaybePromise } from "../../kernel/maybe-promise.ts";
import { readArguments, type ReadArguments } from "../../tool/schema/read-arguments.ts";
import type { Call } from "../call.ts";
import { toFailure } from "../outcomes.ts";
import type { Plan } from "../plan.ts";

/** Sets `call.input`; refuses with INVALID_JSON or INVALID_INPUT. */
export function validate(call: Call, plan: Plan): MaybePromise<Outcome | undefined> {
  const read = readArguments(plan.tool, call.request.received);
  return isPromiseLike(read) ? read.then((result) => accept(call, plan, result)) : accept(call, plan, read);
}

function accept(call: Call, plan: Plan, read: ReadArguments): Outcome | undefined {
  if (!read.ok) return toFailure(call, plan.environment.clock, read.code, read.message, { issues: read.issues });
  call.input = read.value;
  call.coerced = read.coerced;
  return undefined;
}
