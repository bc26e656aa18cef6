// What a model is offered: each tool under one name, in the provider's form, with the way back for its arguments. Grows
// at its end only, so that what was sent before stays the beginning of what is sent next.
import { type Problem, toProblemsError } from "../errors/toolyard-error.ts";
import type { ToolDescription } from "../tool/tool-version.ts";
import type { ToolReport } from "./binding.ts";
import type { ConvertedTool } from "./converter.ts";

/** A tool about to be converted. */
export interface NamedTool {
  readonly tool: ToolDescription;
  readonly wireName: string;
  /** Whether the model sees it only after a search. */
  readonly deferred: boolean;
}

/** A tool as the model knows it. */
export interface OfferedTool<WireTool> extends NamedTool {
  readonly converted: ConvertedTool<WireTool>;
}

/** The conversion of several tools at once, because the limits of a request are shared. In the order of `tools`. */
export type Convert<WireTool> = (tools: readonly NamedTool[]) => readonly ConvertedTool<WireTool>[];

export interface Offer<WireTool> {
  /** In the order they were added. */
  readonly tools: readonly OfferedTool<WireTool>[];
  readonly report: readonly ToolReport[];
  /** The names the model may use. */
  names(): Iterable<string>;
  /** What is known under a name that a model wrote. */
  find(wireName: string): OfferedTool<WireTool> | undefined;
  /** Adds tools at the end. */
  add(tools: readonly NamedTool[]): void;
}

/** An empty offer. */
export function createOffer<WireTool>(convert: Convert<WireTool>): Offer<WireTool> {
  const byWireName = new Map<string, OfferedTool<WireTool>>();
  const offered: OfferedTool<WireTool>[] = [];
  const report: ToolReport[] = [];
  return {
    tools: offered,
    report,
    names: () => byWireName.keys(),
    find: (wireName) => byWireName.get(wireName),
    add(tools) {
      const converted = convert(tools);
      const added = tools.map((named, index): OfferedTool<WireTool> => {
        const one = converted[index];
        if (one === undefined) throw new Error(`${named.tool.name} was not converted`);
        return { ...named, converted: one };
      });
      for (const one of added) {
        byWireName.set(one.wireName, one);
        offered.push(one);
        report.push(toReport(one));
      }
    },
  };
}

function toReport({ tool, wireName, deferred, converted }: OfferedTool<unknown>): ToolReport {
  const { strict, reason, changes } = converted;
  return Object.freeze({ tool: tool.name, version: tool.version, wireName, strict, reason, changes, deferred });
}

/** Throws CONVERSION_REFUSED that lists every tool that had to be strict and is not. `provider` is for the error. */
export function refuseLoose(provider: string, offered: readonly OfferedTool<unknown>[]): void {
  const refused = offered.flatMap(({ tool, converted: { mustBeStrict, reason } }): readonly Problem[] =>
    mustBeStrict && reason !== null ? [{ path: tool.name, message: reason }] : [],
  );
  if (refused.length === 0) return;
  const title = `${provider}: ${refused.length} of ${offered.length} tools cannot be strict.`;
  throw toProblemsError("CONVERSION_REFUSED", title, refused);
}
