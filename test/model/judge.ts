// What must be true of every walk, whatever happened in it.
import { strict as assert } from "node:assert";
import type { Outcome } from "../../src/call/outcome.ts";
import type { Caller } from "./gate.ts";
import { type Arguments, type Receipt, toReceipt, type World } from "./world.ts";

/** What somebody who called was told; null: nothing yet. */
export interface Told {
  /** null: a bystander. */
  readonly caller: Caller | null;
  readonly input: Arguments;
  outcome: Outcome | null;
}

type Kind = "output" | "unknown" | "conflict" | "refused";

export class Judge {
  readonly #world: World;
  readonly #callers: readonly Told[];
  /** Whether somebody was given an output: from then on nobody may be told less. */
  #isKnown = false;
  /** Whether the last ones who asked were told that nobody knows. */
  isUnknown = false;

  constructor(world: World, callers: readonly Told[]) {
    this.#world = world;
    this.#callers = callers;
  }

  /** When all that is left to happen is time. */
  checkRest(): void {
    const state = this.#world.read()?.state ?? "absent";
    const [a, b] = [this.#world.a, this.#world.b];
    const isWaiting = this.#callers.some(({ caller, outcome }) => outcome === null && caller?.crashed === false);
    assert.ok(!isWaiting || state === "running", `somebody waits for a key that is ${state}`);
    const isBroken = [a, b].some(({ hasCrashed, failures }) => hasCrashed || failures > 0);
    assert.ok(isBroken || state !== "running", "a key is left running by callers that have ended");
    if (isDisturbed(a) || isDisturbed(b)) {
      if (!isBroken) this.#checkListed();
      return;
    }
    assert.deepEqual(this.#world.outcomes.list({}), [], "something is not known although nothing went wrong");
    const isSame = this.#callers.every(({ input }) => input.amount === this.#callers[0]?.input.amount);
    const kinds = this.#callers.map(({ outcome }) => toKind(outcome)).sort();
    assert.deepEqual(kinds, isSame ? ["output", "output"] : ["conflict", "output"], "nothing went wrong");
  }

  /** What A and B were told. */
  checkAnswers(): void {
    this.#checkEffects();
    for (const told of this.#callers) {
      if (told.outcome !== null) this.#checkAnswer(told, told.outcome);
      else assert.ok(told.caller?.crashed, "a caller was never answered");
    }
  }

  /** What others were told when every lease has passed. */
  async checkLater(told: readonly Told[]): Promise<void> {
    this.#checkEffects();
    const kinds: Kind[] = [];
    for (const { outcome, input } of told) {
      const kind = toKind(outcome);
      kinds.push(kind);
      assert.ok(outcome !== null && kind !== "refused", `a later call was refused: ${JSON.stringify(outcome)}`);
      if (outcome.ok) this.#checkOutput(outcome.output as Receipt, input);
    }
    const answers = kinds.filter((kind) => kind !== "conflict");
    assert.equal(answers.length, 1, `of calls with one key, ${answers.length} have its arguments`);
    const state = this.#world.read()?.state;
    assert.ok(state === "stored" || state === "abandoned", `the key ends as ${state ?? "absent"}`);
    this.isUnknown = answers[0] === "unknown";
    assert.ok(!this.isUnknown || !this.#isKnown, "what was known is not known any more");
    if (this.isUnknown) await this.#checkUnknown();
    else this.#isKnown = true;
  }

  async checkStillUnknown(told: readonly Told[]): Promise<void> {
    await this.checkLater(told);
    assert.ok(this.isUnknown, "an effect that is not known has expired");
  }

  /** The operator says what is true. */
  async resolve(): Promise<void> {
    const { registry, effects, kind } = this.#world;
    const [effect] = effects;
    const owner = this.#world.read()?.owner ?? "";
    if (effect === undefined) await registry.outcomes.resolve(owner, { effect: "none" });
    else await registry.outcomes.resolve(owner, { effect: "applied", output: toReceipt(kind, effect) });
  }

  checkResolved(): void {
    assert.ok(!this.isUnknown, "what was resolved is still not known");
    const owner = this.#world.read()?.owner ?? "";
    assert.equal(this.#world.outcomes.get(owner), null, "what was resolved is still listed");
  }

  /** Nothing that is known is listed. */
  #checkListed(): void {
    const record = this.#world.read();
    for (const { id } of this.#world.outcomes.list({})) {
      const isUnknown =
        record?.owner === id &&
        record.state === "stored" &&
        toKind(JSON.parse(record.outcome) as Outcome) === "unknown";
      assert.ok(isUnknown, "what is known is listed");
    }
  }

  #checkEffects(): void {
    const { kind, effects } = this.#world;
    if (kind !== "idempotent") assert.ok(effects.length <= 1, `${effects.length} effects`);
  }

  #checkAnswer({ caller, input }: Told, outcome: Outcome): void {
    const { effects, a, b } = this.#world;
    if (outcome.ok) {
      this.#checkOutput(outcome.output as Receipt, input);
      this.#isKnown ||= outcome.meta.warnings.every((warning) => warning.code !== "NOT_REMEMBERED");
      return;
    }
    const { code, effect } = outcome.error;
    const isMine = effects.some(({ by }) => by === caller?.name);
    assert.ok(effect !== "none" || !isMine, `${code} says that nothing happened`);
    assert.ok(effect !== "applied", `${code} says that something happened`);
    const other = caller === a ? b : a;
    const allowed: Readonly<Record<string, boolean>> = {
      OUTCOME_UNKNOWN: effect === "unknown" && [a, b].some(isDisturbed),
      IDEMPOTENCY_IN_FLIGHT: isDisturbed(other) || caller?.hasCrashed === true,
      IDEMPOTENCY_CONFLICT: this.#callers[0]?.input.amount !== this.#callers[1]?.input.amount,
      IDEMPOTENCY_UNAVAILABLE: (caller?.failures ?? 0) > 0,
      CANCELLED: caller?.hasLeft === true,
      // Time has passed without it.
      TIMEOUT: caller?.hasCrashed === true,
    };
    assert.ok(allowed[code], `an answer that nobody should get: ${JSON.stringify(outcome)}`);
  }

  #checkOutput(output: Receipt, { amount }: Arguments): void {
    const { kind, effects } = this.#world;
    const [first] = effects;
    assert.ok(first !== undefined, "an output of nothing");
    assert.deepEqual(output, toReceipt(kind, first), "not the output of the first effect");
    assert.equal(output.amount, amount, "the output of other arguments");
  }

  /** An operator can see it. */
  async #checkUnknown(): Promise<void> {
    const { registry } = this.#world;
    const owner = this.#world.read()?.owner ?? "";
    assert.ok(this.#world.kind !== "asked", "not known although the tool can be asked");
    const listed = await registry.outcomes.list();
    assert.ok(
      listed.some(({ id }) => id === owner),
      "an effect that is not known is not listed",
    );
  }
}

function isDisturbed({ hasCrashed, hasLeft, failures }: Caller): boolean {
  return hasCrashed || hasLeft || failures > 0;
}

function toKind(outcome: Outcome | null): Kind {
  if (outcome?.ok === true) return "output";
  if (outcome === null) return "refused";
  if (outcome.error.code === "IDEMPOTENCY_CONFLICT") return "conflict";
  return outcome.error.effect === "unknown" ? "unknown" : "refused";
}
