// What an operator has stopped: calls that are refused whatever else would be decided of them, and handlers that are not entered.
// INVARIANT: "enters no handler while a stop that covers it stands" in test/property/stops.test.ts.
import type { Failure } from "../call/outcome.ts";
import type { Call } from "./call.ts";
import type { Environment } from "./environment.ts";
import { toFailure } from "./outcomes.ts";

/** What is stopped now. Replaced as a whole; null in the environment: nothing is. */
export interface StandingStops {
  readonly all: boolean;
  readonly tenants: ReadonlySet<string>;
  readonly tools: ReadonlySet<string>;
}

/** Thrown where a handler would have been entered. */
export const STOPPED: unique symbol = Symbol("stopped");

/** Refuses with STOPPED what is stopped whichever tool it calls. */
export function refuseCaller(call: Call, environment: Environment): Failure | undefined {
  const { stops } = environment;
  if (stops === null) return undefined;
  if (stops.all) return toStopped(call, environment, "All calls");
  const tenant = call.request.principal?.tenant;
  if (tenant === undefined || !stops.tenants.has(tenant)) return undefined;
  return toStopped(call, environment, "All calls of this tenant");
}

/** Refuses with STOPPED calls of a stopped tool. Only for a principal that sees the tool. */
export function refuseTool(call: Call, environment: Environment): Failure | undefined {
  const { stops } = environment;
  const name = call.plan?.version.name;
  if (stops === null || name === undefined || !stops.tools.has(name)) return undefined;
  return toStopped(call, environment, `All calls of ${name}`);
}

/** The same where a handler is about to be entered, however long the call has waited. */
export function refuseEntry(call: Call, environment: Environment): Failure | undefined {
  if (environment.stops === null) return undefined;
  const refused = refuseCaller(call, environment) ?? refuseTool(call, environment);
  // Of this attempt; what earlier ones left is remembered where they are repeated.
  return refused === undefined ? undefined : { ...refused, error: { ...refused.error, effect: "none" } };
}

/** Without the operator's reason: that is not for everybody who calls. */
function toStopped(call: Call, { clock }: Environment, what: string): Failure {
  return toFailure(
    call,
    clock,
    "STOPPED",
    `${what} are stopped by an operator. Do not try again until they are resumed.`,
  );
}
