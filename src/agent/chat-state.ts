// Where a turn stands, as plain JSON: all that another process needs to go on. Whoever holds one is not trusted with more
// than the principal it is of: no approval is kept in it, and what it names is looked up and checked again.
// INVARIANT: "survives JSON exactly at every checkpoint" in test/property/agent-turns.test.ts.
import type { Principal } from "../call/principal.ts";
import type { ChatCall, ChatUsage } from "./events.ts";
import type { Message, ResultInMessage } from "./message.ts";
import { toStored } from "./json-copy.ts";
import type { OpenCall } from "./run-calls.ts";

/** A call without a result, by its id in the last message. */
export interface OpenCallState {
  readonly id: string;
  /** The version that the model was shown; null when it was shown no such tool. */
  readonly version: string | null;
  readonly digest: string | null;
  /** Whether `approve` said "later". */
  readonly asked: boolean;
}

/** A turn that goes on with `resume`. Plain JSON; it holds what was said and what tools answered. */
export interface ChatState {
  readonly version: 1;
  /** Names the turn in the idempotency keys of its calls. */
  readonly turn: string;
  /** Whose it is; null: trusted code of this process. */
  readonly principal: { readonly tenant: string; readonly id: string } | null;
  /** Of the turn, not of the conversation before it. */
  readonly messages: readonly Message[];
  /** Calls of the last message that have no result yet, in order. */
  readonly open: readonly OpenCallState[];
  /** Results of the last message's other calls, in order, as the model will read them. */
  readonly results: readonly ResultInMessage[];
  /** Every call that has a result, in order, with its outcome. */
  readonly calls: readonly ChatCall[];
  readonly steps: number;
  readonly usage: ChatUsage | null;
}

/** Everything that is known of a turn. */
export interface Turn {
  readonly id: string;
  readonly owner: ChatState["principal"];
  /** Its messages, without results of calls that are open or stand next to open ones. */
  readonly added: Message[];
  open: readonly OpenCall[];
  results: readonly ResultInMessage[];
  /** Calls of the last message that have a result, while others are open. */
  ended: readonly ChatCall[];
  /** Calls of the messages before. */
  readonly calls: ChatCall[];
  steps: number;
  usage: ChatUsage | null;
}

/** A turn that begins. */
export function createTurn(id: string, owner: ChatState["principal"], text: string): Turn {
  const added: Message[] = [Object.freeze({ role: "user", text, turn: id })];
  return { id, owner, added, open: [], results: [], ended: [], calls: [], steps: 0, usage: null };
}

/** Who a turn belongs to. */
export function toOwner(principal: Principal | null): ChatState["principal"] {
  return principal === null ? null : Object.freeze({ tenant: principal.tenant, id: principal.id });
}

/** The turn as it stands. Parts of it are shared with the turn, and frozen. */
export function toState({ id, owner, added, open, results, ended, calls, steps, usage }: Turn): ChatState {
  return Object.freeze({
    version: 1,
    turn: id,
    principal: owner,
    messages: Object.freeze([...added]),
    open: Object.freeze(open.map(toOpenState)),
    results: Object.freeze([...results]),
    calls: Object.freeze([...calls, ...ended].map(toStoredCall)),
    steps,
    usage: usage && Object.freeze({ ...usage }),
  });
}

function toOpenState({ call, tool, asked }: OpenCall): OpenCallState {
  return Object.freeze({ id: call.id, version: tool?.version ?? null, digest: tool?.digest ?? null, asked });
}

// An outcome may be megabytes, and every checkpoint holds all of them.
const stored = new WeakMap<ChatCall, ChatCall>();

function toStoredCall(call: ChatCall): ChatCall {
  let copy = stored.get(call);
  if (copy === undefined) {
    copy = (toStored(call) ?? toStored({ ...call, outcome: { ...call.outcome, output: null } })) as unknown as ChatCall;
    stored.set(call, copy);
    stored.set(copy, copy);
  }
  return copy;
}
