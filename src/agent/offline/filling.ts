// The arguments for one tool, while they are being collected from a clause. What one parameter took, another cannot.
import type { ToolDescription } from "../../tool/tool-version.ts";
import type { Clause } from "./clause.ts";
import { type Parameter, toParameters } from "./parameter.ts";
import { type Entity, isTaken, type Span } from "./span.ts";

/**
 * How an argument was found: named by the user, by its form, by its place in a phrase, as the free text that remained, or
 * as a word that nothing else explains.
 */
export type Evidence = "named" | "typed" | "phrase" | "rest" | "guess";

export interface Argument {
  readonly value: unknown;
  readonly evidence: Evidence;
}

export interface Filling {
  readonly tool: ToolDescription;
  readonly clause: Clause;
  readonly parameters: readonly Parameter[];
  readonly found: Map<string, Argument>;
  readonly used: Span[];
  /** The part of `used` that is free text: its words may be the tool's own, too. */
  readonly free: Span[];
  /** The part of `used` that is a guess. */
  readonly guessed: Span[];
}

/** Nothing collected yet. */
export function createFilling(tool: ToolDescription, clause: Clause): Filling {
  return { tool, clause, parameters: toParameters(tool), found: new Map(), used: [], free: [], guessed: [] };
}

/** Gives `parameter` its value, found at `spans`. */
export function put(
  filling: Filling,
  parameter: Parameter,
  value: unknown,
  evidence: Evidence,
  ...spans: readonly Span[]
): void {
  filling.found.set(parameter.name, { value, evidence });
  filling.used.push(...spans);
  if (evidence === "rest") filling.free.push(...spans);
  if (evidence === "guess") filling.guessed.push(...spans);
}

/** The parameters that have no value yet, those that are required first. */
export function getOpen(filling: Filling, accepts: (parameter: Parameter) => boolean): readonly Parameter[] {
  return filling.parameters.filter((parameter) => !filling.found.has(parameter.name) && accepts(parameter));
}

/** The entities of these kinds that no parameter has taken. */
export function getFree(filling: Filling, kinds: readonly Entity["kind"][]): readonly Entity[] {
  return filling.clause.entities.filter((entity) => kinds.includes(entity.kind) && !isTaken(entity, filling.used));
}

/** The required parameters without a value. */
export function getMissing(filling: Filling): readonly Parameter[] {
  return getOpen(filling, ({ isRequired }) => isRequired);
}

/** The arguments as an object. Built from entries, so that no name can reach a prototype. */
export function toInput(filling: Filling): Readonly<Record<string, unknown>> {
  const entries = filling.parameters.flatMap(({ name }) => {
    const argument = filling.found.get(name);
    return argument === undefined ? [] : [[name, argument.value] as const];
  });
  return Object.fromEntries(entries);
}
