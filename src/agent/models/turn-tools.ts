// The tools of a turn in a provider's form, their names on the wire and back, for what is offered now and for what older
// messages speak of.
import { type Convert, createOffer, refuseLoose } from "../../providers/offer.ts";
import { PORTABLE_NAME, toWireName, toWireNames } from "../../providers/wire-names.ts";
import type { ToolDescription } from "../../tool/tool-version.ts";
import type { ModelEvent } from "../model.ts";

/** A call as a model's API gives it. */
export interface WireCall {
  readonly id: string;
  readonly name: string;
  readonly input: unknown;
}

export interface TurnTools<WireTool> {
  /** For the request, in the order of the turn's tools. */
  readonly wires: readonly WireTool[];
  /** The name for a call in an older message: any text, made into a name that every API accepts. */
  toWireName(tool: string): string;
  /**
   * The call as the agent has it: with the tool's own name and arguments; with what the model wrote when it was offered
   * no tool of that name.
   */
  toEvent(call: WireCall): ModelEvent;
}

/** The tools of one turn. Throws CONVERSION_REFUSED for tools that have to be strict and cannot be. */
export function createTurnTools<WireTool>(
  provider: string,
  tools: readonly ToolDescription[],
  convert: Convert<WireTool>,
): TurnTools<WireTool> {
  const names = toWireNames(tools.map(({ name }) => name));
  const offer = createOffer(convert);
  offer.add(tools.map((tool) => ({ tool, wireName: names.get(tool.name) ?? tool.name, deferred: false })));
  refuseLoose(provider, offer.tools);
  return {
    wires: offer.tools.map(({ converted }) => converted.wire),
    toWireName: (tool) => names.get(tool) ?? toAcceptedName(tool),
    toEvent({ id, name, input }) {
      const offered = offer.find(name);
      if (offered === undefined) return { type: "call", id, tool: name, input };
      return { type: "call", id, tool: offered.tool.name, input: offered.converted.restore(input) };
    },
  };
}

function toAcceptedName(name: string): string {
  const accepted = name.slice(0, 128).replaceAll(/[^a-zA-Z0-9_.-]/g, "_");
  const wire = toWireName(/^[a-zA-Z_]/.test(accepted) ? accepted : `_${accepted}`);
  return PORTABLE_NAME.test(wire) ? wire : "unknown";
}

/** Arguments for an older call as text: the model's own, or data as JSON. */
export function toArgumentsText(input: unknown): string {
  return typeof input === "string" ? input : (JSON.stringify(input) ?? "{}");
}

/** Arguments for an older call as an object, for APIs that take nothing else; empty where they were none. */
export function toArgumentsObject(input: unknown): Record<string, unknown> {
  let value = input;
  if (typeof input === "string") {
    try {
      value = JSON.parse(input) as unknown;
    } catch {
      // The model sees by the result that they were not JSON.
      return {};
    }
  }
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
}
