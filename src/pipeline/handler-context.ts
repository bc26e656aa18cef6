// The context of one call. Its members are getters: a handler that reads two of them pays for two, and destructuring
// them works, because functions come back bound.
import type { ContentPart } from "../call/content.ts";
import type { ToolContext } from "../call/context.ts";
import type { ProgressEvent } from "../call/event.ts";
import type { Outcome } from "../call/outcome.ts";
import type { Principal } from "../call/principal.ts";
import { invariant } from "../kernel/invariant.ts";
import type { Call } from "./call.ts";
import type { Environment } from "./environment.ts";

const MAX_PARTS = 256;

class HandlerContext implements ToolContext {
  readonly #call: Call;
  readonly #environment: Environment;

  constructor(call: Call, environment: Environment) {
    this.#call = call;
    this.#environment = environment;
  }

  get app(): unknown {
    return this.#environment.app;
  }
  get signal(): AbortSignal {
    return this.#call.scope.signal;
  }
  get principal(): Principal {
    const { principal } = this.#call.request;
    invariant(principal !== null, "a handler runs for a principal");
    return principal;
  }
  get callId(): string {
    return this.#call.id;
  }
  get tool(): { readonly name: string; readonly version: string } {
    const { plan } = this.#call;
    invariant(plan !== null, "a handler runs by a plan");
    return { name: plan.version.name, version: plan.version.version };
  }
  get idempotencyKey(): string | null {
    return this.#call.request.idempotencyKey;
  }
  get remainingMs(): () => number {
    return () => Math.max(0, this.#call.deadlineAt - this.#environment.clock.monotonic());
  }
  get progress(): (event: Omit<ProgressEvent, "type">) => void {
    return (event) => {
      const { emit } = this.#call.request;
      if (emit !== null && !this.#call.scope.cancelled && !this.#call.settled)
        void emit({ ...event, type: "progress" });
    };
  }
  get attach(): (part: ContentPart) => void {
    return (part) => {
      // The answer is given; what comes now is nobody's.
      if (this.#call.settled) return;
      const parts = (this.#call.content ??= []);
      if (parts.length >= MAX_PARTS) throw new RangeError(`context.attach: at most ${MAX_PARTS} parts per call`);
      parts.push(Object.freeze({ ...part }));
    };
  }
  get call(): (ref: string, input: unknown) => Promise<Outcome> {
    return (ref, input) => {
      const { request } = this.#call;
      this.#call.called = true;
      return this.#environment.execute({
        ref,
        received: input,
        principal: request.principal,
        principalProblem: null,
        signal: null,
        timeoutMs: null,
        idempotencyKey: null,
        digest: null,
        dryRun: false,
        emit: null,
        parent: this.#call,
      });
    };
  }
}

/** What the handler of `call` gets as its second argument. */
export function createHandlerContext(call: Call, environment: Environment): ToolContext {
  return new HandlerContext(call, environment);
}
