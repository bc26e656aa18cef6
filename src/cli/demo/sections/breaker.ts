// Section 11: a system that fails again and again is left alone for a while, and taken back after a probe.
import type { BreakerState, Outcome } from "../../../index.ts";
import { formatDuration } from "../../../kernel/duration.ts";
import { showCalls } from "../call-table.ts";
import { OPEN_MS } from "../demo-project.ts";
import { isCode, PEOPLE, type Section, type Stage } from "../section.ts";
import { wait } from "../wait.ts";

/** Timers of a busy process are off by some milliseconds. */
const MARGIN_MS = 20;

export async function showBreaker(stage: Stage): Promise<Section> {
  const { registry, clock, app } = stage;
  const { connection } = app.exchange;
  const changes: BreakerState[] = [];
  const stopListening = registry.on("breaker.changed", ({ name, state }) => {
    if (name === "exchange") changes.push(state);
  });
  connection.lose("request", 3);
  const opening = await ask(stage);
  const { requests } = connection;
  const refused = await ask(stage);
  const isUntouched = connection.requests === requests;
  const open = await look(registry);
  const waitMs = refused.ok ? 0 : (refused.error.retryAfterMs ?? 0);
  await wait(clock, waitMs + MARGIN_MS);
  const probe = await ask(stage);
  const closed = await look(registry);
  stopListening();
  return {
    title: "A breaker opens and recovers",
    explanation:
      "Both rates tools name the exchange as their upstream, whose breaker opens after three failures in a row: a system in trouble is not asked again and again, and callers learn at once instead of waiting. " +
      `After ${formatDuration(OPEN_MS)} one call is let through, as a probe.`,
    data: { opening, refused, open, probe, closed, changes },
    claims: [
      {
        text: `The ${opening.meta.attempts} attempts of one call failed, and opened the breaker.`,
        holds: isCode(opening, "TOOL_FAILED") && opening.meta.attempts === 3,
      },
      {
        text: `The next call was refused in ${formatDuration(refused.meta.durationMs)}, without asking the exchange, and told to come back in ${formatDuration(waitMs)}.`,
        holds: isCode(refused, "BREAKER_OPEN") && isUntouched && waitMs > 0 && waitMs <= OPEN_MS,
      },
      {
        text: `Meanwhile the list showed ${Object.keys(open.listed).join(" and ")} as open, and the health was degraded.`,
        holds: isEach(open.listed, "open") && open.health === "degraded" && open.upstream === "open",
      },
      {
        text: `When the time was over, the first call was the probe: it went through, and all was well again. Events told of it: ${changes.join(", ")}.`,
        holds:
          probe.ok &&
          isEach(closed.listed, "closed") &&
          closed.health === "ok" &&
          changes.join() === "open,half-open,closed",
      },
    ],
    show(output) {
      showCalls(output, [
        ["rates.history", opening],
        ["… at once", refused],
        [`… ${formatDuration(waitMs)} later`, probe, probe.ok ? "the rate of a day" : undefined],
      ]);
    },
  };
}

function ask({ registry }: Stage): Promise<Outcome> {
  return registry.execute("rates.history", { from: "EUR", to: "GBP", days: 1 }, { principal: PEOPLE.user });
}

interface View {
  /** The state of the breaker of each tool that has one. */
  readonly listed: Readonly<Record<string, BreakerState>>;
  readonly health: string;
  readonly upstream: BreakerState | null;
}

/** What the list and the health say. */
async function look(registry: Stage["registry"]): Promise<View> {
  const listed = registry
    .list({ principal: PEOPLE.user })
    .flatMap(({ name, breakerState }) => (breakerState === null ? [] : [[name, breakerState] as const]));
  const { status, breakers } = await registry.health();
  const upstream = breakers.find(({ scope, name }) => scope === "upstream" && name === "exchange");
  return { listed: Object.fromEntries(listed), health: status, upstream: upstream?.state ?? null };
}

function isEach(listed: View["listed"], state: BreakerState): boolean {
  const states = Object.values(listed);
  return states.length === 2 && states.every((found) => found === state);
}
