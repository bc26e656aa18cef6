// The context of one call. Its members are getters: a handler that reads two of them pays for two, and destructuring
// them works, because functions come back bound.
import type { ContentPart } from "../call/content.ts";
import type { ToolContext } from "../call/context.ts";
import type { ProgressEvent } from "../call/event.ts";
import type { Principal } from "../call/principal.ts";
import { invariant } from "../kernel/invariant.ts";
import type { Attempt } from "./attempt.ts";
import { isIdempotencyKey, toPassedKey } from "./idempotency/record.ts";
import { toChildRequest } from "./child-request.ts";
import type { Environment } from "./environment.ts";

const MAX_PARTS = 256;

class HandlerContext implements ToolContext {
  readonly #attempt: Attempt;
  readonly #environment: Environment;

  constructor(attempt: Attempt, environment: Environment) {
    this.#attempt = attempt;
    this.#environment = environment;
  }

  get app(): unknown {
    return this.#environment.app;
  }
  get signal(): AbortSignal {
    return this.#attempt.scope.signal;
  }
  get principal(): Principal {
    const { principal } = this.#attempt.call.request;
    invariant(principal !== null, "a handler runs for a principal");
    return principal;
  }
  get callId(): string {
    return this.#attempt.call.id;
  }
  get tool(): { readonly name: string; readonly version: string } {
    const { plan } = this.#attempt.call;
    invariant(plan !== null, "a handler runs by a plan");
    return { name: plan.version.name, version: plan.version.version };
  }
  get attempt(): number {
    return this.#attempt.number;
  }
  get idempotencyKey(): string | null {
    const { recordKey } = this.#attempt.call;
    return recordKey === null ? null : toPassedKey(recordKey);
  }
  get remainingMs(): () => number {
    return () => Math.max(0, this.#attempt.deadlineAt - this.#environment.clock.monotonic());
  }
  get progress(): (event: Omit<ProgressEvent, "type">) => void {
    return (event) => {
      const { call, scope, over } = this.#attempt;
      const { emit } = call.request;
      if (emit !== null && !scope.cancelled && !over) void emit({ ...event, type: "progress" });
    };
  }
  get attach(): (part: ContentPart) => void {
    return (part) => {
      // The answer is given; what comes now is nobody's.
      const { call, over } = this.#attempt;
      if (over) return;
      const parts = (call.content ??= []);
      if (parts.length >= MAX_PARTS) throw new RangeError(`context.attach: at most ${MAX_PARTS} parts per call`);
      parts.push(Object.freeze({ ...part }));
    };
  }
  get call(): ToolContext["call"] {
    return (ref, input, options) => {
      const key = options?.idempotencyKey ?? null;
      if (key !== null && !isIdempotencyKey(key))
        return Promise.reject(new TypeError("context.call: idempotencyKey: expected a text of 1 to 255 characters"));
      return this.#environment.execute(toChildRequest(this.#attempt, ref, input, key));
    };
  }
}

/** What a handler gets as its second argument in this attempt. */
export function createHandlerContext(attempt: Attempt, environment: Environment): ToolContext {
  return new HandlerContext(attempt, environment);
}
