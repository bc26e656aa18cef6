// The kill switch. A stop is a setting: stored, audited, in force at once here and within a second wherever the state is shared.
import { toProblemsError } from "../../errors/toolyard-error.ts";
import type { Call } from "../../pipeline/call.ts";
import type { Environment } from "../../pipeline/environment.ts";
import { type ActOrigin, readActOptions } from "../catalogue/act-options.ts";
import type { Emitter } from "../events.ts";
import { toFlagProblem } from "../options.ts";
import type { Settings } from "../settings/settings.ts";
import { type StopScope, toStopId } from "./stop-scope.ts";
import type { Stop, StopTable } from "./stop-table.ts";

export interface StopActOptions extends ActOrigin {
  /** Why, 1 to 1,024 characters; for operators and the trail, not for callers. */
  readonly reason: string;
  /** Cancels the calls under way here that it covers: they end as any call that is cancelled does. @default false: they end by themselves */
  readonly cancel?: boolean;
}

/** What is stopped: calls that are refused with STOPPED, whoever makes them, until they are resumed. */
export interface Stops {
  /** What stands now, also what another process has stopped. */
  list(): readonly Stop[];
  /**
   * Stops calls: new ones are refused, and no handler is entered any more for those that wait. Stopping what is stopped changes who and
   * why. Rejects with INVALID_OPTION, STORE_FAILED or AUDIT_FAILED, and then nothing is stopped.
   */
  stop(scope: StopScope, options: StopActOptions): Promise<void>;
  /** Takes a stop back. Resolves to whether it stood. A stop of something else that covers a call still does. Rejects like `stop`. */
  resume(scope: StopScope, options?: ActOrigin): Promise<boolean>;
}

interface Parts {
  readonly environment: Environment;
  readonly emitter: Emitter;
  readonly settings: Settings;
  readonly table: StopTable;
}

/** The stops of a registry. */
export function createStops({ environment, emitter, settings, table }: Parts): Stops {
  const { clock } = environment;
  return {
    list: () => table.list,

    async stop(scope, options) {
      const id = toStopId("stops.stop", scope);
      const { cancel, ...origin } = checkStopOptions(options, clock.now());
      // As soon as it stands: what is under way until then is seen, and nothing begins any more.
      const leave = cancel
        ? emitter.on("setting.changed", (changed) => {
            if (changed.kind === "stop" && changed.id === id) cancelCalls(environment, scope);
          })
        : null;
      try {
        await settings.set("stop", id, {}, origin);
      } finally {
        leave?.();
      }
    },

    async resume(scope, options = {}) {
      const id = toStopId("stops.resume", scope);
      return settings.remove("stop", id, options);
    },
  };
}

function checkStopOptions(options: StopActOptions, now: number): ActOrigin & { readonly cancel: boolean } {
  readActOptions("stops.stop", options, { now, more: ["cancel"] });
  const { cancel, reason, principal } = options as Partial<StopActOptions>;
  const problems = [
    ...toFlagProblem("cancel", cancel),
    ...(reason === undefined
      ? [{ path: "reason", message: "is missing, expected why, in 1 to 1,024 characters" }]
      : []),
  ];
  if (problems.length > 0) throw toProblemsError("INVALID_OPTION", "stops.stop: options have problems.", problems);
  return {
    cancel: cancel === true,
    ...(reason !== undefined && { reason }),
    ...(principal !== undefined && { principal }),
  };
}

function cancelCalls({ active }: Environment, scope: StopScope): void {
  for (const call of active.list())
    if (covers(scope, call)) call.scope.cancel(new DOMException("An operator stopped the call.", "AbortError"));
}

function covers(scope: StopScope, { plan, request }: Call): boolean {
  switch (scope.kind) {
    case "all":
      return true;
    case "tool":
      return plan?.version.name === scope.name;
    case "tenant":
      return request.principal?.tenant === scope.tenant;
  }
}
