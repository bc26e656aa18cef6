// Section 12: answers that are not the tool's own and current ones, and how the outcome says so.
import type { Outcome } from "../../../index.ts";
import { formatDuration } from "../../../kernel/duration.ts";
import { showCalls } from "../call-table.ts";
import { PEOPLE, type Section, type Stage } from "../section.ts";
import { FRESH_MS } from "../tools/rates.ts";
import { wait } from "../wait.ts";

/** Longer than the exchange takes to answer. */
const MARGIN_MS = 50;

interface Seen {
  readonly first: Outcome;
  /** By somebody else, at the same time. */
  readonly joined: Outcome;
  readonly again: Outcome;
  /** When the answer is no longer fresh. */
  readonly stale: Outcome;
  readonly renewed: Outcome;
  /** Of another rate, while the exchange fails. */
  readonly degraded: Outcome;
  /** Requests to the exchange, up to `again` and in all but the last call. */
  readonly requests: readonly [number, number];
}

export async function showStandIns(stage: Stage): Promise<Section> {
  const seen = await ask(stage);
  const { first, joined, again, stale, renewed, degraded } = seen;
  return {
    title: "Answers without the tool",
    explanation:
      `rates.get keeps its answers for ${formatDuration(FRESH_MS)}. After that, the old one is given once more while a new one is fetched, so nobody waits. ` +
      "When the exchange fails, a table of round figures answers in its place, as a fallback. The outcome always says so.",
    data: seen,
    claims: toClaims(seen),
    show(output) {
      showCalls(output, [
        ["EUR to USD", first, toNote(first)],
        ["… by a guest, too", joined, toNote(joined)],
        ["… again", again, toNote(again)],
        [`… ${formatDuration(FRESH_MS + MARGIN_MS)} later`, stale, toNote(stale)],
        ["… and again", renewed, toNote(renewed)],
        ["EUR to CHF", degraded, toNote(degraded)],
      ]);
    },
  };
}

async function ask({ registry, clock, app: { exchange } }: Stage): Promise<Seen> {
  const { connection } = exchange;
  const call = (to: string, person: keyof typeof PEOPLE = "user"): Promise<Outcome> =>
    registry.execute("rates.get", { from: "EUR", to }, { principal: PEOPLE[person] });
  const before = connection.requests;
  const [first, joined] = await Promise.all([call("USD"), call("USD", "guest")]);
  const again = await call("USD");
  const early = connection.requests - before;
  await wait(clock, FRESH_MS + MARGIN_MS);
  const stale = await call("USD");
  await wait(clock, MARGIN_MS);
  const renewed = await call("USD");
  const late = connection.requests - before;
  connection.lose("request", 1);
  const degraded = await call("CHF");
  return { first, joined, again, stale, renewed, degraded, requests: [early, late] };
}

function toClaims({ first, joined, again, stale, renewed, degraded, requests }: Seen): Section["claims"] {
  const [early, late] = requests;
  const { by, code } = degraded.meta.degraded ?? { by: "nothing", code: "nothing" };
  return [
    {
      text: "Three calls, two of them at the same time and by different people, cost the exchange one request.",
      holds: early === 1 && isSame(first, joined) && isSame(first, again) && again.meta.cached === "fresh",
    },
    {
      text: `When the answer was no longer fresh, it was still there in ${formatDuration(stale.meta.durationMs)}; the next call got the one that was fetched meanwhile.`,
      holds:
        late === 2 && renewed.ok && stale.meta.cached === "stale" && isSame(first, stale) && !isSame(first, renewed),
    },
    {
      text: `The exchange failed, and the table answered: degraded by a ${by}, because of ${code}.`,
      holds: degraded.ok && by === "function" && code === "TOOL_FAILED",
    },
  ];
}

function isSame(one: Outcome, other: Outcome): boolean {
  return one.ok && other.ok && JSON.stringify(one.output) === JSON.stringify(other.output);
}

/** The rate, and what the outcome says of it. */
function toNote(outcome: Outcome): string | undefined {
  if (!outcome.ok) return undefined;
  const { rate, source } = outcome.output as { readonly rate: number; readonly source: string };
  const { cached, degraded } = outcome.meta;
  const how = cached === null ? "" : `, cached and ${cached}`;
  return `${rate} from the ${source}${how}${degraded === null ? "" : ", degraded"}`;
}
