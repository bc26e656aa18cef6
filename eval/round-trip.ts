// One call through one provider and back: written as an ideal model would, decoded, executed, and compared with what was
// meant. Whatever an ideal model may choose has to come back the same.
import { isDeepStrictEqual } from "node:util";
import type { Registry, ToolDescription } from "../src/index.ts";
import { toSent } from "../test/providers/to-sent.ts";
import { CALLER } from "./register.ts";
import type { Route } from "./route.ts";
import type { Validator } from "./validator.ts";

/** `unsendable`: the schema that is shown takes no form of it. `refused`: not executed. `changed`: executed with others. */
export type Fate = "survived" | "unsendable" | "refused" | "changed";

export interface Trip {
  readonly fate: Fate;
  /** For a person; empty when it survived. */
  readonly detail: string;
}

const SURVIVED: Trip = { fate: "survived", detail: "" };

export async function makeTrip(
  registry: Registry,
  route: Route,
  validate: Validator,
  tool: ToolDescription,
  meant: Readonly<Record<string, unknown>>,
): Promise<Trip> {
  const shown = route.schemaOf(tool);
  const ways = toSent(tool.inputSchema, shown, meant);
  const sendable = ways.filter((sent) => validate(shown, sent) === null);
  if (sendable.length === 0) {
    return { fate: "unsendable", detail: ways.length === 0 ? "cannot be written" : (validate(shown, ways[0]) ?? "") };
  }
  for (const sent of sendable) {
    const trip = await execute(registry, route, tool, sent, meant);
    if (trip.fate !== "survived") return trip;
  }
  return SURVIVED;
}

async function execute(
  registry: Registry,
  route: Route,
  tool: ToolDescription,
  sent: unknown,
  meant: unknown,
): Promise<Trip> {
  const called = route.decode(tool, sent);
  if (called.tool?.digest !== tool.digest) return { fate: "refused", detail: "the name led to another tool" };
  const ref = `${tool.name}@${tool.version}`;
  const outcome = await registry.execute(ref, called.input, { principal: CALLER, digest: tool.digest });
  if (!outcome.ok) return { fate: "refused", detail: `${outcome.error.code}: ${outcome.error.message}` };
  if (isDeepStrictEqual(outcome.output, meant)) return SURVIVED;
  return { fate: "changed", detail: `meant ${JSON.stringify(meant)}, executed ${JSON.stringify(outcome.output)}` };
}
