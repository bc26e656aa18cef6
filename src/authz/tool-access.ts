// What the rules of one epoch come to for one tool version: decided by the default, or by an authorizer over it.
import type { Principal } from "../call/principal.ts";
import { askAuthorizer, type Authorizer } from "./authorizer.ts";
import type { CompiledAccess } from "./compile-access.ts";
import { decide, UNKNOWN_ARGUMENTS } from "./decide.ts";
import type { Decision } from "./decision.ts";
import { toExplanation, type Explanation } from "./explain.ts";
import type { Trace } from "./trace.ts";

export interface ToolAccess {
  /**
   * Whether the principal may see and call the tool, before arguments are known; serves list, get, search and execute.
   * With an authorizer "conditional" in place of "yes": it is asked again with the arguments.
   */
  decide(principal: Principal): Decision;
  /** The same with validated arguments; never "conditional". Refuses whatever `decide` refuses. */
  decideArguments(principal: Principal, input: unknown): Decision;
  /** The same decision and how it came about; with `input`, that of `decideArguments`. */
  explain(principal: Principal, input?: unknown): Explanation;
}

/** The access of one tool version; `authorizer` null: by the default. */
export function createToolAccess(access: CompiledAccess, authorizer: Authorizer | null): ToolAccess {
  return authorizer === null ? new DefaultAccess(access) : new CustomAccess(access, authorizer);
}

// Classes, because there is one for each of many tool versions: their methods are shared, closures would not be.
class DefaultAccess implements ToolAccess {
  readonly #access: CompiledAccess;

  constructor(access: CompiledAccess) {
    this.#access = access;
  }

  decide(principal: Principal): Decision {
    return decide(this.#access, principal, UNKNOWN_ARGUMENTS, null);
  }

  decideArguments(principal: Principal, input: unknown): Decision {
    return decide(this.#access, principal, input, null);
  }

  explain(principal: Principal, input?: unknown): Explanation {
    const trace: Trace = new Map();
    return toExplanation(
      decide(this.#access, principal, input === undefined ? UNKNOWN_ARGUMENTS : input, trace),
      trace,
    );
  }
}

class CustomAccess implements ToolAccess {
  readonly #access: CompiledAccess;
  readonly #authorizer: Authorizer;

  constructor(access: CompiledAccess, authorizer: Authorizer) {
    this.#access = access;
    this.#authorizer = authorizer;
  }

  decide(principal: Principal): Decision {
    return this.#ask(principal, UNKNOWN_ARGUMENTS, null);
  }

  decideArguments(principal: Principal, input: unknown): Decision {
    return this.#askTwice(principal, input, null);
  }

  explain(principal: Principal, input?: unknown): Explanation {
    const trace: Trace = new Map();
    const decision =
      input === undefined ? this.#ask(principal, UNKNOWN_ARGUMENTS, trace) : this.#askTwice(principal, input, trace);
    return toExplanation(decision, trace);
  }

  // An authorizer may contradict itself; what it refused without arguments stays refused.
  #askTwice(principal: Principal, input: unknown, trace: Trace | null): Decision {
    const before = this.#ask(principal, UNKNOWN_ARGUMENTS, trace);
    return before.allowed === "no" ? before : this.#ask(principal, input, trace);
  }

  #ask(principal: Principal, input: unknown, trace: Trace | null): Decision {
    const known = input !== UNKNOWN_ARGUMENTS;
    const request = {
      principal,
      tool: this.#access.tool,
      phase: known ? ("arguments" as const) : ("tool" as const),
      input: known ? input : undefined,
    };
    return askAuthorizer(this.#authorizer, request, () => decide(this.#access, principal, input, trace), trace);
  }
}
