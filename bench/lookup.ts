// Finding the version that is meant, in a catalogue of 10,000 tools with 10 versions each.
import { createRegistry, defineTool, type AnyTool } from "../src/index.ts";
import { toFigure, type Figure } from "./figures.ts";
import { direct, measure } from "./harness.ts";
import type { Settings } from "./settings.ts";

const TOOLS = 10_000;
const VERSIONS = ["1.0.0", "1.1.0", "1.2.0", "1.10.0", "2.0.0", "2.0.1", "2.1.0", "3.0.0-beta.1", "3.0.0", "3.4.0"];
// What is asked again is remembered; a thousand references fit, ten thousand do not.
const WARM = 1_000;

/** By name, exact version and range; asked again (warm) and for the first time (cold). */
export async function benchLookup({ rounds, turnMs, shrink }: Settings): Promise<readonly Figure[]> {
  const count = Math.round(TOOLS / shrink);
  const names = Array.from({ length: count }, (_, index) => `area${index % 50}.tool_${index}`);
  const registry = createRegistry({ tools: names.flatMap((name) => VERSIONS.map((version) => toTool(name, version))) });
  const ask = (title: string, suffix: string, size: number) => {
    const refs = names.slice(0, size).map((name) => `${name}${suffix}`);
    return direct(title, (index) => registry.get(refs[index % size] as string));
  };
  const suffixes = [
    ["name", ""],
    ["exact version", "@1.10.0"],
    ["range", "@^1.1"],
  ] as const;
  const warm = Math.min(WARM, Math.round(count / 10));
  const measured = await measure(
    [
      ...suffixes.map(([kind, suffix]) => ask(`get by ${kind}`, suffix, warm)),
      ...suffixes.map(([kind, suffix]) => ask(`get by ${kind}, cold`, suffix, count)),
      direct("get what does not exist", (index) => registry.get(`area.none_${index % warm}`)),
    ],
    { rounds, turnMs },
  );
  const last = measured.length - 1;
  return measured.map((one, index) => {
    if (index < suffixes.length) return toFigure(one, { unit: "µs", goal: { of: "value", atMost: 1 } });
    return toFigure(one, { unit: "µs", ...(index === last ? { note: "with the making of the name" } : {}) });
  });
}

function toTool(name: string, version: string): AnyTool {
  return defineTool({
    name,
    version,
    description: "One of very many.",
    effect: "read",
    access: { roles: ["USER"] },
    handler: () => null,
  });
}
