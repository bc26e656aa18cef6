// What a call costs: `execute` with everything on against the pipeline written by hand, and the bare handler.
import type { Figure } from "./figures.ts";
import { toFigure } from "./figures.ts";
import { awaited, measure, type Contender } from "./harness.ts";
import { countAudited, handPipeline } from "./hand-pipeline.ts";
import type { Settings } from "./settings.ts";
import * as work from "./workload.ts";
import type { Principal, Registry } from "../src/index.ts";

const HAND = "hand-written pipeline";
const BARE = "bare handler";

/** Accepted and refused calls, each as a multiple of the hand-written pipeline's accepted call. */
export async function benchCalls({ rounds, turnMs }: Settings): Promise<readonly Figure[]> {
  const full = await work.createFullRegistry();
  const plain = work.createDefaultRegistry();
  const call = (principal: Principal, input: unknown) => (): Promise<unknown> =>
    full.execute(work.TOOL_NAME, input, { principal });
  const byHand = (principal: Principal, input: unknown) => (): Promise<unknown> =>
    handPipeline(principal, work.TOOL_NAME, input);
  const contenders: readonly Contender[] = [
    awaited(BARE, () => work.forecast(work.GOOD_INPUT)),
    awaited(HAND, byHand(work.CALLER, work.GOOD_INPUT)),
    awaited("execute, default options", () => plain.execute(work.TOOL_NAME, work.GOOD_INPUT)),
    awaited("execute, everything on", call(work.CALLER, work.GOOD_INPUT)),
    awaited("refused by quota", call(work.SPENDER, work.GOOD_INPUT)),
    awaited("refused by authorisation", call(work.UNSCOPED, work.GOOD_INPUT)),
    awaited("refused by authorisation, tool hidden", call(work.STRANGER, work.GOOD_INPUT)),
    awaited("refused by validation", call(work.CALLER, work.BAD_INPUT)),
    awaited(`${HAND}, refused by quota`, byHand(work.SPENDER, work.GOOD_INPUT)),
    awaited(`${HAND}, refused by validation`, byHand(work.CALLER, work.BAD_INPUT)),
  ];
  await checkCodes(full, plain);
  const measured = await measure(contenders, { rounds, turnMs, base: HAND });
  if (countAudited() === 0) throw new Error("the hand-written pipeline audited nothing");
  return measured.map((one) => toFigure(one, { unit: "µs", base: HAND, ...toGoal(one.name) }));
}

function toGoal(name: string): Pick<Parameters<typeof toFigure>[1], "goal" | "note"> {
  switch (name) {
    case HAND:
      return { note: "12 rules, 3 buckets, a slot, validation in and out, deadline race, histogram, span, audit" };
    case "execute, default options":
      return { note: "no grants, audit or telemetry; one limit" };
    case "execute, everything on":
      return { goal: { of: "ratio", atMost: 3.5 } };
    case "refused by quota":
    case "refused by authorisation":
      return { goal: { of: "ratio", atMost: 1.8 } };
    default:
      return {};
  }
}

/** A benchmark of refusals that are none, or for another reason, would show anything. */
async function checkCodes(registry: Registry, plain: Registry): Promise<void> {
  const open = await plain.execute(work.TOOL_NAME, work.GOOD_INPUT);
  if (!open.ok) throw new Error(`execute with default options: got ${open.error.code}`);
  const expected: readonly (readonly [string | null, Principal, unknown])[] = [
    [null, work.CALLER, work.GOOD_INPUT],
    ["QUOTA_EXCEEDED", work.SPENDER, work.GOOD_INPUT],
    ["FORBIDDEN", work.UNSCOPED, work.GOOD_INPUT],
    ["UNKNOWN_TOOL", work.STRANGER, work.GOOD_INPUT],
    ["INVALID_INPUT", work.CALLER, work.BAD_INPUT],
  ];
  for (const [code, principal, input] of expected) {
    const outcome = await registry.execute(work.TOOL_NAME, input, { principal });
    const byHand = await handPipeline(principal, work.TOOL_NAME, input);
    // The first call by hand still finds the spender's quota whole.
    const again = code === "QUOTA_EXCEEDED" ? await handPipeline(principal, work.TOOL_NAME, input) : byHand;
    const got = outcome.ok ? null : outcome.error.code;
    if (got !== code) throw new Error(`execute for ${principal.id}: expected ${code}, got ${got}`);
    if ((again.error?.code ?? null) !== code)
      throw new Error(`by hand for ${principal.id}: expected ${code}, got ${again.error?.code}`);
  }
}
