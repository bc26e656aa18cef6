// Every state that a breaker can reach with small numbers, and every action in each of them, against a model written down
// apart from it. The same search has to find bugs that are put in on purpose, or it proves nothing.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Clock } from "../kernel/clock.ts";
import type { Complete, ConsecutiveBreaker } from "../tool/resilience.ts";
import { createBreaker, type Breaker, type BreakerState } from "./breaker.ts";

const STEP_MS = 1_000;
const MOST_PERMITS = 3;
type Policy = Complete<ConsecutiveBreaker>;
/** Doubles once in full and once to the bound: 2, 4, 7, 7 steps. */
const toPolicy = (probes: number): Policy => ({
  kind: "consecutive",
  failures: 2,
  openMs: 2 * STEP_MS,
  maxOpenMs: 7 * STEP_MS,
  probes,
});

/** `current` and `stale`: permits out, given in the present generation and before it. */
interface Model {
  readonly state: BreakerState;
  readonly failures: number;
  readonly openMs: number;
  readonly leftMs: number;
  readonly current: number;
  readonly stale: number;
}

type Verdict = "succeed" | "fail" | "ignore";
type Action = "admit" | "wait" | { readonly verdict: Verdict; readonly of: "current" | "stale" };

const START: Omit<Model, "openMs"> = { state: "closed", failures: 0, leftMs: 0, current: 0, stale: 0 };
const VERDICTS = ["succeed", "fail", "ignore"] as const;

function actionsIn(model: Model): readonly Action[] {
  const verdictsOf = (of: "current" | "stale"): readonly Action[] => VERDICTS.map((verdict) => ({ verdict, of }));
  return [
    ...(model.current + model.stale < MOST_PERMITS ? (["admit"] as const) : []),
    ...(model.state === "open" ? (["wait"] as const) : []),
    ...(model.current > 0 ? verdictsOf("current") : []),
    ...(model.stale > 0 ? verdictsOf("stale") : []),
  ];
}

/** What the policy says comes next. */
function step(model: Model, action: Action, policy: Policy): Model {
  const enter = (state: BreakerState, change: Partial<Model> = {}): Model => {
    return { ...model, state, failures: 0, leftMs: 0, stale: model.stale + model.current, current: 0, ...change };
  };
  const open = (current: number): Model =>
    enter("open", {
      leftMs: model.openMs,
      openMs: Math.min(policy.maxOpenMs, model.openMs * 2),
      stale: model.stale + current,
    });
  if (action === "wait") return { ...model, leftMs: Math.max(0, model.leftMs - STEP_MS) };
  if (action === "admit") {
    if (model.state === "open") return model.leftMs > 0 ? model : enter("half-open", { current: 1 });
    const isFull = model.state === "half-open" && model.current >= policy.probes;
    return isFull ? model : { ...model, current: model.current + 1 };
  }
  if (action.of === "stale") return { ...model, stale: model.stale - 1 };
  const current = model.current - 1;
  if (action.verdict === "ignore") return { ...model, current };
  if (model.state === "half-open") {
    return action.verdict === "fail"
      ? open(current)
      : enter("closed", { openMs: policy.openMs, stale: model.stale + current });
  }
  if (action.verdict === "succeed") return { ...model, current, failures: 0 };
  return model.failures + 1 >= policy.failures ? open(current) : { ...model, current, failures: model.failures + 1 };
}

/** When a model's breaker tells callers to come back. */
function retryAfter(model: Model, policy: Policy): number {
  if (model.state === "half-open") return model.current < policy.probes ? 0 : Math.min(policy.openMs, 1_000);
  return model.leftMs;
}

type Create = (policy: Policy, clock: Clock, onChange: (state: BreakerState) => void) => Breaker;

/** A breaker, its time and the permits that are out. */
function createSubject(create: Create, policy: Policy) {
  let now = 0;
  const told: BreakerState[] = [];
  const clock: Clock = { now: () => 0, monotonic: () => now, setTimer: () => ({}), clearTimer: () => {} };
  const breaker = create(policy, clock, (state) => told.push(state));
  const permits: Record<"current" | "stale", number[]> = { current: [], stale: [] };
  return {
    breaker,
    permits,
    told,
    /** Returns the permit, when it is admitted. */
    act(action: Action): number {
      const before = told.length;
      let permit = 0;
      if (action === "wait") now += STEP_MS;
      else if (action === "admit") permit = breaker.admit();
      else breaker[action.verdict](permits[action.of].shift() as number);
      if (told.length > before) permits.stale.push(...permits.current.splice(0));
      if (permit > 0) permits.current.push(permit);
      return permit;
    },
  };
}

type Subject = ReturnType<typeof createSubject>;

/** Acts once, and names what was wrong with that. */
function problemsOf(subject: Subject, before: Model, after: Model, action: Action, policy: Policy): readonly string[] {
  const { breaker, permits, told } = subject;
  const seen = [breaker.state, breaker.retryAfterMs];
  const toldBefore = told.length;
  const permit = subject.act(action);
  const isSame = breaker.state === seen[0] && breaker.retryAfterMs === seen[1];
  const problems: string[] = [];
  const check = (holds: boolean, problem: string): void => {
    if (!holds) problems.push(problem);
  };
  const isRefused = action === "admit" && before.current + before.stale === after.current + after.stale;
  check(permit === 0 || before.state !== "open" || before.leftMs === 0, "admitted while open, before its time");
  check(breaker.state !== "half-open" || permits.current.length <= policy.probes, "more probes than the policy allows");
  check(typeof action === "string" || action.of === "current" || isSame, "a stale verdict changed something");
  check(action !== "admit" || isRefused || permit > 0, "refused what the policy lets through");
  check(!isRefused || permit === 0, "admitted what the policy refuses");
  check(breaker.state === after.state, "is in a wrong state");
  check(breaker.retryAfterMs === retryAfter(after, policy), "says a wrong time");
  const toldNow = told.slice(toldBefore);
  check(toldNow.join() === (before.state === after.state ? "" : after.state), "told something else than the change");
  return problems;
}

interface Found {
  readonly problems: ReadonlySet<string>;
  readonly states: number;
}

/** Breadth first: each state once, by the shortest way, on a breaker that is made anew and led there. */
function explore(create: Create, policy: Policy): Found {
  const start: Model = { ...START, openMs: policy.openMs };
  const keyOf = ({ state, failures, openMs, leftMs, current, stale }: Model): string =>
    [state, failures, openMs, leftMs, current, stale].join(" ");
  const paths = new Map<string, { readonly model: Model; readonly path: readonly Action[] }>();
  paths.set(keyOf(start), { model: start, path: [] });
  const comesFrom = new Map<string, string[]>();
  const problems = new Set<string>();
  // A Map is walked in order of insertion, what is added on the way included.
  for (const [key, { model, path }] of paths) {
    for (const action of actionsIn(model)) {
      const subject = createSubject(create, policy);
      for (const earlier of path) subject.act(earlier);
      const next = step(model, action, policy);
      const wrong = problemsOf(subject, model, next, action, policy);
      for (const problem of wrong) problems.add(problem);
      const nextKey = keyOf(next);
      if (!paths.has(nextKey)) paths.set(nextKey, { model: next, path: [...path, action] });
      if (wrong.length === 0) comesFrom.set(nextKey, [...(comesFrom.get(nextKey) ?? []), key]);
    }
  }
  const leadsBack = new Set([...paths].filter(([, { model }]) => model.state === "closed").map(([key]) => key));
  for (const key of leadsBack) for (const from of comesFrom.get(key) ?? []) leadsBack.add(from);
  if (leadsBack.size < paths.size) problems.add("no way leads back to closed");
  return { problems, states: paths.size };
}

const createTrue: Create = (policy, clock, onChange) => createBreaker(policy, clock, onChange);

/** A breaker with some of its methods put wrong; `last` is the latest permit. */
function withBug(breakMethods: (inner: Breaker, last: () => number) => Partial<Breaker>): Create {
  return (policy, clock, onChange) => {
    const inner = createBreaker(policy, clock, onChange);
    let last = 0;
    const kept = (permit: number): number => {
      if (permit > 0) last = permit;
      return permit;
    };
    const whole: Breaker = {
      get state() {
        return inner.state;
      },
      get retryAfterMs() {
        return inner.retryAfterMs;
      },
      admit: () => inner.admit(),
      succeed: (permit) => inner.succeed(permit),
      fail: (permit) => inner.fail(permit),
      ignore: (permit) => inner.ignore(permit),
    };
    const broken = breakMethods(inner, () => last);
    const admit = broken.admit ?? whole.admit;
    return Object.defineProperties(whole, Object.getOwnPropertyDescriptors({ ...broken, admit: () => kept(admit()) }));
  };
}

const BUGS: readonly (readonly [name: string, create: Create, problem: string])[] = [
  [
    "stale failures count",
    withBug((inner, last) => ({ fail: () => inner.fail(last()) })),
    "a stale verdict changed something",
  ],
  [
    "stale successes count",
    withBug((inner, last) => ({ succeed: () => inner.succeed(last()) })),
    "a stale verdict changed something",
  ],
  [
    "an ignored stale permit frees a probe's place",
    withBug((inner, last) => ({ ignore: () => inner.ignore(last()) })),
    "a stale verdict changed something",
  ],
  ["ignore does not give the place back", withBug(() => ({ ignore: () => {} })), "no way leads back to closed"],
  [
    "half-open admits everyone",
    withBug((inner, last) => ({ admit: () => inner.admit() || (inner.state === "half-open" ? last() : 0) })),
    "more probes than the policy allows",
  ],
  [
    "open admits before its time",
    withBug((inner, last) => ({ admit: () => inner.admit() || (inner.state === "open" ? last() : 0) })),
    "admitted while open, before its time",
  ],
  [
    "one probe fewer",
    (policy, clock, onChange) => createBreaker({ ...policy, probes: policy.probes - 1 || 9 }, clock, onChange),
    "refused what the policy lets through",
  ],
  [
    "the time is not doubled",
    (policy, clock, onChange) => createBreaker({ ...policy, maxOpenMs: policy.openMs }, clock, onChange),
    "says a wrong time",
  ],
  [
    "the time has no bound",
    (policy, clock, onChange) => createBreaker({ ...policy, maxOpenMs: Infinity }, clock, onChange),
    "says a wrong time",
  ],
  [
    "one failure more is needed",
    (policy, clock, onChange) => createBreaker({ ...policy, failures: 3 }, clock, onChange),
    "is in a wrong state",
  ],
  ["nobody is told", (policy, clock) => createBreaker(policy, clock), "told something else than the change"],
];

describe("a breaker, in every state it can reach", () => {
  it("does what the policy says, whatever happens, and can always close again", () => {
    // Counted by hand: 18 closed (failures and permits out), 33 open (time left, next time, stale permits), the rest half-open.
    for (const [probes, states] of [
      [1, 18 + 33 + 12],
      [2, 18 + 33 + 16],
    ] as const) {
      const found = explore(createTrue, toPolicy(probes));
      expect([...found.problems]).toEqual([]);
      expect(found.states).toBe(states);
    }
  });

  it.each(BUGS)("would be caught: %s", (_name, create, problem) => {
    expect([...explore(create, toPolicy(2)).problems]).toContain(problem);
  });

  it("remembers nothing that the model does not know: long walks agree as well", () => {
    const walks = fc.array(fc.nat(1_000), { maxLength: 200, size: "max" });
    fc.assert(
      fc.property(fc.constantFrom(1, 2, 3), walks, (probes, choices) => {
        const policy = toPolicy(probes);
        const subject = createSubject(createTrue, policy);
        let model: Model = { ...START, openMs: policy.openMs };
        for (const choice of choices) {
          const actions = actionsIn(model);
          const action = actions[choice % actions.length] as Action;
          const next = step(model, action, policy);
          expect(problemsOf(subject, model, next, action, policy)).toEqual([]);
          model = next;
        }
      }),
      { numRuns: 300 },
    );
  });
});
