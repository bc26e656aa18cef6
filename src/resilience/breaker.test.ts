import { describe, expect, it } from "vitest";
import type { Complete, ConsecutiveBreaker, SamplingBreaker } from "../tool/resilience.ts";
import { createManualClock, type ManualClock } from "../testing/manual-clock.ts";
import { createBreaker, type Breaker, type BreakerState } from "./breaker.ts";

const TIMES = { openMs: 1_000, maxOpenMs: 3_000, probes: 1 };
const CONSECUTIVE: Complete<ConsecutiveBreaker> = { kind: "consecutive", failures: 2, ...TIMES };
const SAMPLING: Complete<SamplingBreaker> = {
  kind: "sampling",
  ratio: 0.5,
  windowMs: 10_000,
  minimumCalls: 4,
  ...TIMES,
};

interface Subject {
  readonly clock: ManualClock;
  readonly breaker: Breaker;
  readonly told: BreakerState[];
}

function createSubject(policy: Complete<ConsecutiveBreaker> | Complete<SamplingBreaker> = CONSECUTIVE): Subject {
  const clock = createManualClock();
  const told: BreakerState[] = [];
  return { clock, told, breaker: createBreaker(policy, clock, (state) => told.push(state)) };
}

/** A breaker that was opened a moment ago. */
function createOpen(policy: Complete<ConsecutiveBreaker> = CONSECUTIVE): Subject {
  const subject = createSubject(policy);
  for (let failure = 0; failure < 2; failure++) subject.breaker.fail(subject.breaker.admit());
  return subject;
}

describe("createBreaker", () => {
  it("opens after failures in a row, and refuses until its time is over", async () => {
    const { breaker, clock, told } = createOpen();
    expect([breaker.state, breaker.retryAfterMs, breaker.admit()]).toEqual(["open", 1_000, 0]);
    await clock.advance(999);
    expect([breaker.retryAfterMs, breaker.admit()]).toEqual([1, 0]);
    await clock.advance(1);
    expect([breaker.state, breaker.retryAfterMs]).toEqual(["open", 0]);
    expect(breaker.admit()).toBeGreaterThan(0);
    expect(told).toEqual(["open", "half-open"]);
  });

  it("closes after a probe that succeeds, and counts failures anew", async () => {
    const { breaker, clock, told } = createOpen();
    await clock.advance(1_000);
    breaker.succeed(breaker.admit());
    expect([breaker.state, breaker.retryAfterMs]).toEqual(["closed", 0]);
    breaker.fail(breaker.admit());
    expect(breaker.state).toBe("closed");
    expect(told).toEqual(["open", "half-open", "closed"]);
  });

  it("doubles its time with each probe that fails, up to the bound, and begins anew once closed", async () => {
    const { breaker, clock } = createOpen();
    const waits: number[] = [];
    for (let probe = 0; probe < 4; probe++) {
      waits.push(breaker.retryAfterMs);
      await clock.advance(breaker.retryAfterMs);
      breaker.fail(breaker.admit());
    }
    expect(waits).toEqual([1_000, 2_000, 3_000, 3_000]);
    await clock.advance(3_000);
    breaker.succeed(breaker.admit());
    for (let failure = 0; failure < 2; failure++) breaker.fail(breaker.admit());
    expect(breaker.retryAfterMs).toBe(1_000);
  });

  it("lets so many probes through at the same time, and says when to ask again", async () => {
    const { breaker, clock } = createOpen({ ...CONSECUTIVE, probes: 2 });
    await clock.advance(1_000);
    const first = breaker.admit();
    expect([first > 0, breaker.retryAfterMs, breaker.admit() > 0]).toEqual([true, 0, true]);
    expect([breaker.admit(), breaker.retryAfterMs]).toEqual([0, 1_000]);
    breaker.ignore(first);
    expect([breaker.retryAfterMs, breaker.admit() > 0, breaker.admit()]).toEqual([0, true, 0]);
  });

  it("asks nobody to come back later than it takes to open again", async () => {
    const { breaker, clock } = createOpen({ ...CONSECUTIVE, openMs: 50 });
    await clock.advance(50);
    breaker.admit();
    expect(breaker.retryAfterMs).toBe(50);
  });

  it("does not count a call that was admitted before it opened as a probe", async () => {
    const { breaker, clock } = createSubject();
    const early = breaker.admit();
    for (let failure = 0; failure < 2; failure++) breaker.fail(breaker.admit());
    await clock.advance(1_000);
    const probe = breaker.admit();
    breaker.fail(early);
    expect(breaker.state).toBe("half-open");
    breaker.succeed(early);
    breaker.ignore(early);
    expect([breaker.state, breaker.admit()]).toEqual(["half-open", 0]);
    breaker.succeed(probe);
    expect(breaker.state).toBe("closed");
  });

  it("samples: opens when half of the calls failed, and starts with an empty window once closed", async () => {
    const { breaker, clock } = createSubject(SAMPLING);
    for (let call = 0; call < 2; call++) breaker.succeed(breaker.admit());
    breaker.fail(breaker.admit());
    expect(breaker.state).toBe("closed");
    breaker.fail(breaker.admit());
    expect(breaker.state).toBe("open");
    await clock.advance(1_000);
    breaker.succeed(breaker.admit());
    for (let call = 0; call < 3; call++) breaker.fail(breaker.admit());
    expect(breaker.state).toBe("closed");
    breaker.fail(breaker.admit());
    expect(breaker.state).toBe("open");
  });

  it("keeps its word when it is used from within onChange", async () => {
    const clock = createManualClock();
    const told: BreakerState[] = [];
    const breaker = createBreaker({ ...CONSECUTIVE, probes: 2 }, clock, (state) => {
      told.push(state);
      if (state === "half-open") breaker.fail(breaker.admit());
    });
    for (let failure = 0; failure < 2; failure++) breaker.fail(breaker.admit());
    await clock.advance(1_000);
    const probe = breaker.admit();
    expect(probe).toBeGreaterThan(0);
    expect([breaker.state, breaker.retryAfterMs]).toEqual(["open", 2_000]);
    breaker.succeed(probe);
    expect(breaker.state).toBe("open");
    expect(told).toEqual(["open", "half-open", "open"]);
  });

  it("takes no notice of the wall clock", () => {
    const { breaker, clock } = createOpen();
    clock.stepWall(3_600_000);
    expect(breaker.admit()).toBe(0);
  });
});
