// A turn that goes on: its state turned back into what it was, the tools of its open calls looked up anew.
import { checkKeys, toKind } from "../core/options.ts";
import type { Registry } from "../core/registry.ts";
import { READER_NAME } from "../core/results/reader.ts";
import { ToolyardError } from "../errors/toolyard-error.ts";
import type { ToolDescription } from "../tool/tool-version.ts";
import { type ApprovalDecision, toVerdict } from "./approval.ts";
import type { ChatState, OpenCallState, Turn } from "./chat-state.ts";
import type { CallInMessage } from "./message.ts";
import type { OpenCall } from "./run-calls.ts";
import type { TurnSetup } from "./run-turn.ts";

/** Throws INVALID_OPTION when the turn is somebody else's. */
export function checkOwner({ principal }: ChatState, caller: ChatState["principal"]): void {
  if (principal?.tenant === caller?.tenant && principal?.id === caller?.id) return;
  const message = `received one of ${toWho(principal)}, expected one of ${toWho(caller)}`;
  throw new ToolyardError("INVALID_OPTION", `resume: state.principal: ${message}`);
}

function toWho(principal: ChatState["principal"]): string {
  if (principal === null) return "trusted code (no principal)";
  return `${JSON.stringify(principal.id)} of the tenant ${JSON.stringify(principal.tenant)}`;
}

/** The decisions by id. Throws INVALID_OPTION for one that is none, or for a call that the turn does not have. */
export function readDecisions(decisions: unknown, state: ChatState): ReadonlyMap<string, ApprovalDecision> {
  if (decisions === undefined) return new Map();
  // Decided twice is no slip: whoever resumes an older state passes what was said then.
  const known = [...state.open, ...state.calls].map(({ id }) => id);
  checkKeys("resume: decisions", decisions, known);
  const entries = Object.entries(decisions as Readonly<Record<string, unknown>>);
  for (const [id, decision] of entries) {
    const { kind } = toVerdict(decision) ?? { kind: "later" };
    if (kind !== "later") continue;
    const message = `received ${toKind(decision)}, expected true, false or { deny: "the reason" }`;
    throw new ToolyardError("INVALID_OPTION", `resume: decisions.${id}: ${message}`);
  }
  return new Map(entries as [string, ApprovalDecision][]);
}

/** The turn as it stood. */
export function toResumedTurn(state: ChatState, setup: TurnSetup): Turn {
  const { turn, principal, messages, open, results, calls, steps, usage } = state;
  const last = messages.at(-1);
  const lastCalls = new Map(last?.role === "assistant" ? last.calls.map((call) => [call.id, call]) : []);
  return {
    id: turn,
    owner: principal,
    added: [...messages],
    open: open.flatMap((shown) => toOpenCall(shown, lastCalls.get(shown.id), setup)),
    results,
    ended: calls.filter(({ id }) => lastCalls.has(id)),
    calls: calls.filter(({ id }) => !lastCalls.has(id)),
    steps,
    usage,
  };
}

function toOpenCall(shown: OpenCallState, call: CallInMessage | undefined, setup: TurnSetup): readonly OpenCall[] {
  return call === undefined ? [] : [{ call, tool: findShown(call.tool, shown, setup), asked: shown.asked }];
}

/**
 * What the model was shown, as long as it is still offered in some version. One that is not the same any more keeps the
 * digest that was shown, so that the registry refuses it and nobody is asked about it.
 */
function findShown(
  name: string,
  { version, digest }: OpenCallState,
  { registry, tools, principal }: TurnSetup,
): ToolDescription | null {
  const options = principal === undefined ? {} : { principal };
  const reader = name === READER_NAME ? registry.get(READER_NAME, options) : undefined;
  const offered = tools.find((tool) => tool.name === name) ?? reader;
  if (offered === undefined || version === null || digest === null) return null;
  if (offered.digest === digest) return offered;
  const old = getVersion(registry, `${name}@${version}`, options);
  return old?.digest === digest ? old : { ...offered, digest };
}

/** A version out of a state may be any text. */
function getVersion(
  registry: Pick<Registry, "get">,
  ref: string,
  options: Parameters<Registry["get"]>[1],
): ToolDescription | undefined {
  try {
    return registry.get(ref, options);
  } catch {
    return undefined;
  }
}
