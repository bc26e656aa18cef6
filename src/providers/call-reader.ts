// From the calls of a response to calls that can be executed: each id once, under the tool's own name and with the tool's
// own arguments.
import type { ModelCall } from "./binding.ts";
import type { Offer } from "./offer.ts";
import type { RawCall } from "./raw-call.ts";
import { toQuery } from "./tool-search.ts";

/** A call that another one wraps. */
export interface WrappedCall {
  readonly name: string;
  readonly input: unknown;
}

export interface CallReading<WireCall> {
  /** The calls that one call wraps; null when it wraps none. */
  readonly unwrap: (call: RawCall<WireCall>) => readonly WrappedCall[] | null;
  /** Names of the tools that may be called for now; null: all. */
  readonly allowed: ReadonlySet<string> | null;
  /** The wire name of the binding's own search; null when it has none. */
  readonly searchName: string | null;
}

/** The calls, in order of the first of each id: an API accepts one answer for an id, and one effect has to match it. */
export function readCalls<WireCall>(
  raw: readonly RawCall<WireCall>[],
  offer: Offer<unknown>,
  reading: CallReading<WireCall>,
): readonly ModelCall<WireCall>[] {
  const counts = new Map<string, number>();
  for (const { id } of raw) counts.set(id, (counts.get(id) ?? 0) + 1);
  const seen = new Set<string>();
  const calls: ModelCall<WireCall>[] = [];
  for (const one of raw) {
    if (seen.has(one.id)) continue;
    seen.add(one.id);
    calls.push(readCall(one, (counts.get(one.id) ?? 1) - 1, offer, reading));
  }
  return calls;
}

function readCall<WireCall>(
  raw: RawCall<WireCall>,
  repeats: number,
  offer: Offer<unknown>,
  reading: CallReading<WireCall>,
): ModelCall<WireCall> {
  const { id, name, wire } = raw;
  const offered = offer.find(name);
  const bare = {
    id,
    ...(raw.isIdMadeUp === true && { isIdMadeUp: true }),
    wireName: name,
    wire,
    repeats,
    tool: null,
    problem: null,
    search: null,
    inner: [],
  };
  if (offered === undefined) {
    if (raw.isSearch === true || name === reading.searchName)
      return { ...bare, input: raw.input, search: toQuery(raw.input) };
    const wrapped = reading.unwrap(raw);
    if (wrapped !== null) {
      const inner = wrapped.map((call, index) =>
        // A wrapper in a wrapper is not one any more: depth is not the model's to choose.
        readCall({ ...call, id: `${id}#${index}`, problem: null, wire }, 0, offer, { ...reading, unwrap: () => null }),
      );
      return { ...bare, input: raw.input, inner };
    }
  }
  const problem = raw.problem ?? findRefusal(name, offer, reading.allowed);
  const input = offered === undefined || problem !== null ? raw.input : offered.converted.restore(raw.input);
  return { ...bare, tool: offered?.tool ?? null, input, problem };
}

const MAX_NAMED = 16;

/** Why a tool that is shown may not be called for now. */
function findRefusal(name: string, offer: Offer<unknown>, allowed: ReadonlySet<string> | null): string | null {
  const offered = offer.find(name);
  if (offered === undefined || allowed === null || allowed.has(offered.tool.name)) return null;
  const possible = offer.tools.filter(({ tool }) => allowed.has(tool.name)).map(({ wireName }) => wireName);
  const more = possible.length > MAX_NAMED ? ` and ${possible.length - MAX_NAMED} more` : "";
  const hint = possible.length === 0 ? "none" : `${possible.slice(0, MAX_NAMED).join(", ")}${more}`;
  return `The tool ${JSON.stringify(name)} may not be called now. Possible: ${hint}.`;
}
