// Our call beside those of other libraries, which live in `bench/peers` with their own lockfile. Each does only what it
// does by itself; none does all that ours does.
import { toFigure, type Figure } from "./figures.ts";
import { awaited, measure } from "./harness.ts";
import { PEERS_FOLDER } from "./installed-peers.ts";
import type { Settings } from "./settings.ts";
import * as work from "./workload.ts";

const OURS = "execute, everything on";

interface Peer {
  readonly name: string;
  /** What it does of what ours does. */
  readonly does: string;
  readonly call: (input: unknown, json: string) => Promise<unknown>;
}

/** One call through each, as a multiple of ours with everything on. */
export async function benchPeers({ rounds, turnMs }: Settings): Promise<readonly Figure[]> {
  const { createContenders } = (await import(new URL("contenders.mjs", PEERS_FOLDER).href)) as {
    readonly createContenders: (handler: typeof work.forecast) => Promise<readonly Peer[]>;
  };
  const peers = await createContenders(work.forecast);
  const full = await work.createFullRegistry();
  const plain = work.createDefaultRegistry();
  const json = JSON.stringify(work.GOOD_INPUT);
  const notes = new Map([
    ["execute, default options", "validates input and output; deadline; one limit; metering"],
    [OURS, "validates input and output; deadline; 12 grants; 3 limits; metering; audit; telemetry"],
    ...peers.map(({ name, does }) => [name, does] as const),
  ]);
  const measured = await measure(
    [
      awaited("bare handler", () => work.forecast(work.GOOD_INPUT)),
      awaited("execute, default options", () => plain.execute(work.TOOL_NAME, work.GOOD_INPUT)),
      awaited(OURS, () => full.execute(work.TOOL_NAME, work.GOOD_INPUT, { principal: work.CALLER })),
      ...peers.map(({ name, call }) => awaited(name, () => call(work.GOOD_INPUT, json))),
    ],
    { rounds, turnMs, base: OURS },
  );
  return measured.map((one) => {
    const note = notes.get(one.name);
    return toFigure(one, { unit: "µs", base: OURS, ...(note === undefined ? {} : { note }) });
  });
}
