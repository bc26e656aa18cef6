// The names of a turn's tools on the wire and back, for what is offered now and for what older messages speak of.
import type { ToolDescription } from "../../tool/tool-version.ts";
import { PORTABLE_NAME, toWireName, toWireNames } from "../../providers/wire-names.ts";

export interface WireNames {
  /** For a tool on offer. */
  ofTool(tool: ToolDescription): string;
  /** For a call in an older message: any text, made into a name that the API accepts. */
  ofCall(tool: string): string;
  /** The tool's name; what the model wrote when it was offered no tool of that name. */
  toTool(wireName: string): string;
}

/** The names for one turn. */
export function createWireNames(tools: readonly ToolDescription[]): WireNames {
  const wires = toWireNames(tools.map(({ name }) => name));
  const names = new Map([...wires].map(([name, wire]) => [wire, name]));
  const ofCall = (tool: string): string => wires.get(tool) ?? toAcceptedName(tool);
  return { ofTool: ({ name }) => ofCall(name), ofCall, toTool: (wireName) => names.get(wireName) ?? wireName };
}

function toAcceptedName(name: string): string {
  const accepted = name.slice(0, 128).replaceAll(/[^a-zA-Z0-9_.-]/g, "_");
  const wire = toWireName(/^[a-zA-Z_]/.test(accepted) ? accepted : `_${accepted}`);
  return PORTABLE_NAME.test(wire) ? wire : "unknown";
}

/** Arguments for an older call: the model's own text, or data as JSON. */
export function toArgumentsText(input: unknown): string {
  return typeof input === "string" ? input : (JSON.stringify(input) ?? "{}");
}
