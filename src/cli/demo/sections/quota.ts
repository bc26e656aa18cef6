// Section 5: a quota running out and coming back, on a clock that is moved by hand.
import { createRegistry, type Outcome } from "../../../index.ts";
import { formatDuration } from "../../../kernel/duration.ts";
import { createManualClock } from "../../../testing/index.ts";
import { createDemoApp } from "../demo-app.ts";
import { PEOPLE, type Section } from "../section.ts";
import { textStats } from "../tools/text-stats.ts";

interface Step {
  /** Since the first call, milliseconds. */
  readonly atMs: number;
  readonly result: string;
  readonly remaining: number;
}

const CAPACITY = 3;
const WINDOW_MS = 60_000;
const INPUT = { text: "hello" };

/** A registry with one limit and a clock of its own, and a call that notes what came of it. */
function createLimited() {
  const clock = createManualClock();
  const registry = createRegistry({
    app: createDemoApp(clock),
    tools: [textStats],
    limits: [{ name: "demo", per: ["principal"], capacity: CAPACITY, windowMs: WINDOW_MS }],
    clock,
  });
  const start = clock.now();
  const steps: Step[] = [];
  const call = async (): Promise<Outcome> => {
    const outcome = await registry.execute("text.stats", INPUT, { principal: PEOPLE.user });
    const [quota] = await registry.quotas.remaining(PEOPLE.user);
    const result = outcome.ok
      ? "ok"
      : `${outcome.error.code}, try again in ${formatDuration(outcome.error.retryAfterMs ?? 0)}`;
    steps.push({ atMs: clock.now() - start, result, remaining: quota?.remaining ?? -1 });
    return outcome;
  };
  return { clock, registry, steps, call };
}

export async function showQuota(): Promise<Section> {
  const { clock, registry, steps, call } = createLimited();
  const first = [await call(), await call(), await call()];
  const refused = await call();
  const other = await registry.execute("text.stats", INPUT, { principal: PEOPLE.admin });
  const waitMs = refused.ok ? 0 : (refused.error.retryAfterMs ?? 0);
  await clock.advance(waitMs);
  const afterWait = await call();
  const tooEarly = await call();
  await clock.advance(WINDOW_MS);
  const [whole] = await registry.quotas.remaining(PEOPLE.user);
  await call();
  await registry.close();

  return {
    title: "A quota runs out and comes back",
    explanation:
      `A limit of ${CAPACITY} calls per minute and principal, as a token bucket: it refills all the time, a call every ` +
      `${formatDuration(WINDOW_MS / CAPACITY)}. The clock is moved by hand, so nobody waits. Without such a limit, 100 calls per hour are the default.`,
    data: { steps },
    claims: [
      {
        text: `${CAPACITY} calls went through, the next was refused with QUOTA_EXCEEDED.`,
        holds: first.every(({ ok }) => ok) && !refused.ok && refused.error.code === "QUOTA_EXCEEDED",
      },
      { text: "Somebody else could still call: the quota is kept per principal.", holds: other.ok },
      {
        text: `The refusal said when to try again (${formatDuration(waitMs)}); then exactly one call went through.`,
        holds: waitMs === WINDOW_MS / CAPACITY && afterWait.ok && !tooEarly.ok,
      },
      { text: "After a whole minute without calls, the quota was whole again.", holds: whole?.remaining === CAPACITY },
    ],
    show({ table, colors }) {
      table(
        [{ title: "time", align: "right" }, { title: "left", align: "right" }, { title: "call" }],
        steps.map(({ atMs, remaining, result }) => [
          formatDuration(atMs),
          String(remaining),
          { text: result, paint: result === "ok" ? colors.green : colors.red },
        ]),
      );
    },
  };
}
