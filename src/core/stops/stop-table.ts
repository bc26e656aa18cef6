// The stops that stand, as a list for operators and compiled for calls. Settings are what puts them here.
import type { StandingStops } from "../../pipeline/stops.ts";
import type { Change } from "../../ports/catalog-store.ts";
import { fromStopId, type StopScope } from "./stop-scope.ts";

/** A stop that stands: since when, by whom, why. */
export interface Stop extends Change {
  readonly scope: StopScope;
}

export interface StopTable {
  readonly list: readonly Stop[];
  /** Grows with every change that was made here: what was read before one is older than that. */
  readonly round: number;
  /** By the id of its setting; null: it stands no more. */
  put(id: string, change: Change | null): void;
  /** These, and no others. */
  replace(stops: readonly (Change & { readonly id: string })[]): void;
}

/** Creates a table in which nothing stands. `stand` is told what does, after every change; null: nothing. */
export function createStopTable(stand: (stops: StandingStops | null) => void): StopTable {
  let stops = new Map<string, Stop>();
  let list: readonly Stop[] = Object.freeze([]);
  let round = 0;

  const compile = (): void => {
    list = Object.freeze([...stops].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, stop]) => stop));
    stand(list.length === 0 ? null : toStanding(list));
  };

  return {
    get list() {
      return list;
    },
    get round() {
      return round;
    },
    put(id, change) {
      round++;
      const stop = change === null ? null : toStop(id, change);
      if (stop === null) stops.delete(id);
      else stops.set(id, stop);
      compile();
    },
    replace(found) {
      if (found.length + stops.size === 0) return;
      const read = found.map((one) => [one.id, toStop(one.id, one)] as const);
      stops = new Map(read.filter((entry): entry is readonly [string, Stop] => entry[1] !== null));
      compile();
    },
  };
}

function toStop(id: string, { at, by, reason }: Change): Stop | null {
  const scope = fromStopId(id);
  return scope === null ? null : Object.freeze({ scope: Object.freeze(scope), at, by, reason });
}

function toStanding(list: readonly Stop[]): StandingStops {
  const tenants = new Set<string>();
  const tools = new Set<string>();
  let all = false;
  for (const { scope } of list) {
    if (scope.kind === "all") all = true;
    else if (scope.kind === "tool") tools.add(scope.name);
    else tenants.add(scope.tenant);
  }
  return { all, tenants, tools };
}
