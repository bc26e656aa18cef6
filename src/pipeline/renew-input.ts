// The input of a call anew, for another attempt or for what stands in: a handler may have changed the one it got, and a
// repeat of another call is no repeat. Read again only here, so that a call that is not repeated pays nothing for it.
import { isPromiseLike } from "../kernel/maybe-promise.ts";
import { type ReadArguments, readArguments } from "../tool/schema/read-arguments.ts";
import { toBound } from "./attempt.ts";
import type { Call } from "./call.ts";
import { withinDeadline } from "./deadline.ts";
import type { Plan } from "./plan.ts";

/** Sets `call.input` to what its arguments stand for. It stays as it is where they cannot be read again in time. */
export function renewInput(call: Call, plan: Plan): Promise<void> | undefined {
  const accept = (read: ReadArguments): void => {
    if (read.ok) call.input = read.value;
  };
  const read = readArguments(plan.tool, call.request.received);
  // When the bound ends meanwhile, whoever comes next finds out.
  if (isPromiseLike(read)) return withinDeadline(toBound(call), plan.environment.clock, read).then(accept, () => {});
  accept(read);
  return undefined;
}
