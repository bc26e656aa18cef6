// Metrics of the user's own: counters, distributions, tracked work. Their names share one bounded space, because a name
// made of data ("user_17.clicks") would otherwise grow without end.
import { formatReceived } from "../errors/option-problems.ts";
import { ToolyardError } from "../errors/toolyard-error.ts";
import { HIGHEST_VALUE } from "./samples.ts";
import type { Series } from "./series.ts";
import type { SeriesTable } from "./series-table.ts";

export type CustomKind = "count" | "observation" | "work";

interface Custom {
  readonly kind: CustomKind;
  readonly series: Series;
}

const NAME = /^[a-z][a-z0-9_.]{0,127}$/;
const MAX_NAMES = 1_000;
const WORDS: Readonly<Record<CustomKind, string>> = {
  count: "a counter",
  observation: "a distribution",
  work: "tracked work",
};

export class CustomMetrics {
  readonly #table: SeriesTable;
  readonly #customs = new Map<string, Custom>();

  constructor(table: SeriesTable) {
    this.#table = table;
  }

  /** The row of `name`, made when there is none. Throws INVALID_OPTION. */
  take(name: string, kind: CustomKind): Series {
    const found = this.#customs.get(name);
    if (found !== undefined && found.kind === kind) return found.series;
    if (found !== undefined)
      refuse(`metric ${name}: it is ${WORDS[found.kind]} and cannot be ${WORDS[kind]} as well; use another name`);
    if (typeof name !== "string" || !NAME.test(name)) {
      const nearest = typeof name === "string" ? toNearestName(name) : "";
      refuse(
        `metric name: received ${formatReceived(name)}, expected a lower-case letter, then letters, digits, "_" and "." (128 at most)${nearest}`,
      );
    }
    if (this.#customs.size >= MAX_NAMES) {
      refuse(`metric ${name}: there are ${MAX_NAMES} names already; a name must not be made of data such as an id`);
    }
    const series = this.#table.pin(name);
    this.#customs.set(name, { kind, series });
    return series;
  }

  /** The metric of that name. */
  get(name: string): Custom | undefined {
    return this.#customs.get(name);
  }

  /** All of some kinds, by name. */
  list(...kinds: readonly CustomKind[]): readonly Custom[] {
    const wanted = [...this.#customs.values()].filter(({ kind }) => kinds.includes(kind));
    return wanted.sort((a, b) => (a.series.name < b.series.name ? -1 : 1));
  }

  /** Forgets every name. */
  clear(): void {
    for (const { series } of this.#customs.values()) this.#table.unpin(series);
    this.#customs.clear();
  }
}

/** Throws INVALID_OPTION unless `value` is a number of 0 to `highest`. */
export function checkValue(name: string, value: number, highest: number = HIGHEST_VALUE): void {
  if (typeof value === "number" && value >= 0 && value <= highest) return;
  const range = highest === Number.MAX_VALUE ? "0 or more" : `0 to ${highest}`;
  refuse(`metric ${formatReceived(name)}: received ${formatReceived(value)}, expected a number, ${range}`);
}

function toNearestName(name: string): string {
  const nearest = name
    .toLowerCase()
    .replace(/[^a-z0-9_.]/g, "_")
    .replace(/^[^a-z]+/, "")
    .slice(0, 128);
  return nearest === "" ? "" : `; such as "${nearest}"`;
}

function refuse(message: string): never {
  throw new ToolyardError("INVALID_OPTION", message);
}
