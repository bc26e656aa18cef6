// Reads FaultOptions. All problems are reported at once, each with what was received and what is accepted.
import { formatReceived, type OptionReader, readOptions } from "../errors/option-problems.ts";
import { type Clock, systemClock } from "../kernel/clock.ts";
import { isObject } from "../kernel/json.ts";
import type { FaultKind, FaultOptions } from "./fault-options.ts";

export interface FaultSettings {
  readonly seed: number;
  readonly clock: Clock;
  /** In a fixed order, so that a draw means the same fault as long as the rates are the same. */
  readonly rates: readonly (readonly [kind: FaultKind, rate: number])[];
  readonly minMs: number;
  readonly maxMs: number;
  readonly makeError: (() => unknown) | null;
  readonly makeDrop: (() => unknown) | null;
}

const KINDS: readonly FaultKind[] = ["latency", "error", "hang", "dropAfterCommit", "hangAfterCommit"];
const KNOWN: readonly string[] = [
  "seed",
  "clock",
  ...KINDS.flatMap((kind) => [kind, `${kind}.rate`]),
  "latency.minMs",
  "latency.maxMs",
  "error.make",
  "dropAfterCommit.make",
];
const MAX_MS = 2 ** 31 - 1;
// What has no default is reported as received undefined.
const NO_DEFAULT = undefined as never;
// 0.2 + 0.4 + 0.3 + 0.1 is more than 1 for a double.
const ROUNDING = 1e-9;

type Given = Readonly<Record<string, unknown>>;

/** The options with their defaults. Throws INVALID_OPTION with every problem. */
export function readFaultOptions(options: FaultOptions): FaultSettings {
  const given = flatten(options);
  const reader = readOptions("fault injector", isObject(options) ? given : options, KNOWN);
  const present = KINDS.filter((kind) => isObject(options) && isObject(options[kind]));
  const rates = present.map((kind) => [kind, readRate(reader, given, kind)] as const);
  const sum = rates.reduce((total, [, rate]) => total + rate, 0);
  if (sum > 1 + ROUNDING) reader.refuse("", `received rates that add up to ${sum}, expected at most 1`);
  for (const kind of KINDS) refuseBareFault(reader, given, kind);
  const minMs = reader.integer("latency.minMs", 0, MAX_MS, 0);
  const settings: FaultSettings = {
    seed: reader.integer("seed", Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER, NO_DEFAULT),
    clock: readClock(reader, given),
    rates,
    minMs,
    maxMs: reader.integer("latency.maxMs", minMs, MAX_MS, present.includes("latency") ? NO_DEFAULT : minMs),
    makeError: readMake(reader, given, "error.make"),
    makeDrop: readMake(reader, given, "dropAfterCommit.make"),
  };
  reader.done();
  return settings;
}

/** The members of the faults beside the other options, as `latency.rate`, so that one reader reports all. */
function flatten(options: unknown): Given {
  const entries = Object.entries(isObject(options) ? options : {});
  return Object.fromEntries(
    entries.flatMap(([key, value]): readonly (readonly [string, unknown])[] =>
      (KINDS as readonly string[]).includes(key) && isObject(value)
        ? Object.entries(value).map(([member, of]) => [`${key}.${member}`, of] as const)
        : [[key, value]],
    ),
  );
}

function readRate(reader: OptionReader, given: Given, kind: FaultKind): number {
  const rate = given[`${kind}.rate`];
  if (typeof rate === "number" && rate >= 0 && rate <= 1) return rate;
  reader.refuse(`${kind}.rate`, `received ${formatReceived(rate)}, expected a number from 0 to 1`);
  return 0;
}

function refuseBareFault(reader: OptionReader, given: Given, kind: FaultKind): void {
  const fault = given[kind];
  if (fault === undefined) return;
  reader.refuse(kind, `received ${formatReceived(fault)}, expected an object such as { rate: 0.1 }`);
}

function readMake(reader: OptionReader, given: Given, key: string): (() => unknown) | null {
  const make = given[key];
  if (make === undefined) return null;
  if (typeof make === "function") return make as () => unknown;
  reader.refuse(key, `received ${formatReceived(make)}, expected a function that makes an error`);
  return null;
}

function readClock(reader: OptionReader, { clock }: Given): Clock {
  if (clock === undefined) return systemClock;
  if (isObject(clock) && typeof clock["setTimer"] === "function") return clock as unknown as Clock;
  reader.refuse("clock", `received ${formatReceived(clock)}, expected a clock, such as createManualClock() makes`);
  return systemClock;
}
