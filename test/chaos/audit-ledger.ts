// Compares what callers and operators were told with what the ledger says. Every line it gives is a lie of the registry.
import type { Outcome } from "../../src/call/outcome.ts";
import type { ResolvedOutcome } from "../../src/ports/outcome-store.ts";
import type { UnknownOutcome } from "../../src/ports/outcome-store.ts";
import type { Ledger, Receipt } from "./ledger.ts";
import { isOpen, type Told } from "./shop.ts";

export interface Books {
  readonly ledger: Ledger;
  readonly told: readonly Told[];
  /** What is listed as not known now. */
  readonly listed: readonly UnknownOutcome[];
  /** What was listed and became known. */
  readonly resolved: readonly ResolvedOutcome[];
}

/** Everything that does not agree; empty when all does. */
export function auditLedger(books: Books): readonly string[] {
  return [...findSecondEffects(books), ...findWrongAnswers(books), ...findForgotten(books)];
}

function findSecondEffects({ ledger }: Books): readonly string[] {
  return ledger.entries
    .filter(({ tool, key, receipt }) => tool !== "idempotent" && ledger.find(tool, key)[0]?.receipt !== receipt)
    .map(({ tool, key, receipt }) => `${tool} ${key}: done a second time, as ${receipt}`);
}

function findWrongAnswers({ ledger, told, resolved }: Books): readonly string[] {
  const byCall = new Set(ledger.entries.map(({ callId }) => callId));
  const lies: string[] = resolved
    .filter(({ outcome, effect }) => effect === "none" && byCall.has(outcome.id))
    .map(
      ({ outcome, by }) =>
        `${outcome.tool} ${outcome.idempotencyKey}: ${by} said none of ${outcome.id}, and it has happened`,
    );
  for (const { tool, key, amount, outcomes } of told) {
    const entries = ledger.find(tool, key);
    const isTrue = (output: unknown): boolean =>
      entries.some((entry) => entry.receipt === (output as Receipt).receipt && entry.amount === amount);
    for (const outcome of outcomes) {
      const what = `${tool} ${key}: ${outcome.meta.callId} was told ${toText(outcome)}`;
      if (outcome.ok && !isTrue(outcome.output)) lies.push(`${what}, which is not in the ledger`);
      if (outcome.ok) continue;
      const { effect } = outcome.error;
      if (effect === "applied" && entries.length === 0) lies.push(`${what}, which has not happened`);
      const calls = [outcome.meta.callId, outcome.meta.replayOf ?? ""];
      if (effect === "none" && calls.some((id) => byCall.has(id))) lies.push(`${what}, and it has happened`);
    }
    const last = outcomes.at(-1);
    if (last === undefined || isOpen(last)) lies.push(`${tool} ${key}: never told anything that holds`);
  }
  return lies;
}

/** Effects of which nobody was told, and nobody is going to be. */
function findForgotten({ ledger, told, listed, resolved }: Books): readonly string[] {
  const known = new Set<string>();
  for (const { tool, key, outcomes } of told)
    if (outcomes.some((outcome) => outcome.ok || outcome.error.effect === "applied")) known.add(`${tool} ${key}`);
  for (const { tool, idempotencyKey } of listed) known.add(`${tool} ${idempotencyKey}`);
  for (const { outcome, effect } of resolved)
    if (effect === "applied") known.add(`${outcome.tool} ${outcome.idempotencyKey}`);
  return ledger.entries
    .filter(({ tool, key }) => !known.has(`${tool} ${key}`))
    .map(({ tool, key, receipt }) => `${tool} ${key}: nobody knows of ${receipt}`);
}

function toText(outcome: Outcome): string {
  if (outcome.ok) return `ok ${JSON.stringify(outcome.output)}`;
  return `${outcome.error.code}, effect ${outcome.error.effect}`;
}
