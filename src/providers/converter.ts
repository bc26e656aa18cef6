// A tool in the form of a provider. A conversion is kept with the description it was made from, which never changes:
// asking again costs a lookup. What comes out is frozen, because bindings share it.
import { deepFreeze } from "../kernel/freeze.ts";
import type { ToolDescription } from "../tool/tool-version.ts";
import { compileSchema } from "./schema/compile-schema.ts";
import { type CompiledSchema, formatChange, type SchemaCost } from "./schema/compiled-schema.ts";
import type { ProviderRules } from "./schema/rules.ts";
import type { Convert } from "./offer.ts";
import { type StrictMode, type StrictOption, toMode } from "./strict-mode.ts";

/** How one tool is to be converted. */
export interface ConversionOptions {
  readonly wireName: string;
  readonly mode: StrictMode;
  /** Whether the model sees it only after a search. */
  readonly deferred: boolean;
}

/** What a provider's wire type is made of. */
export interface WireParts extends ConversionOptions {
  readonly tool: ToolDescription;
  /** What is sent, as data whose type may be written to; what is in it is frozen. */
  readonly schema: Record<string, unknown>;
  readonly strict: boolean;
}

/** How one tool was converted. */
export interface ConvertedTool<WireTool> {
  readonly wire: WireTool;
  readonly strict: boolean;
  /** Why it is not strict though that was asked for. */
  readonly reason: string | null;
  readonly changes: readonly string[];
  /** What the schema takes of limits that hold for a request. */
  readonly cost: SchemaCost;
  /** Whether a tool that is not strict is refused. */
  readonly mustBeStrict: boolean;
  /** The arguments a model sent as the tool has them; as in `CompiledSchema`. */
  restore(input: unknown): unknown;
}

export type Converter<WireTool> = (tool: ToolDescription, options: ConversionOptions) => ConvertedTool<WireTool>;

/** What does not depend on the options. */
interface Kept<WireTool> {
  /** By whether a strict form was asked for. */
  readonly compiled: Map<boolean, CompiledSchema>;
  readonly converted: Map<string, ConvertedTool<WireTool>>;
}

// A tool has one name nearly always; many would mean that somebody makes names up.
const MAX_KEPT = 32;

/** The conversion to the provider of `rules`; `toWire` puts its entry together. */
export function createConverter<WireTool extends object>(
  rules: ProviderRules,
  toWire: (parts: WireParts) => WireTool,
): Converter<WireTool> {
  const known = new WeakMap<ToolDescription, Kept<WireTool>>();
  return (tool, options) => {
    let kept = known.get(tool);
    if (kept === undefined) {
      kept = { compiled: new Map(), converted: new Map() };
      known.set(tool, kept);
    }
    const { mode, deferred, wireName } = options;
    const key = `${mode} ${String(deferred)} ${wireName}`;
    const found = kept.converted.get(key);
    if (found !== undefined) return found;
    const { schema, strict, reason, changes, cost, restore } = compile(tool, kept.compiled, rules, mode !== "off");
    const converted = deepFreeze({
      wire: toWire({ ...options, tool, schema: { ...schema }, strict }),
      strict,
      reason,
      changes: changes.map(formatChange),
      cost,
      mustBeStrict: mode === "require",
      restore,
    });
    if (kept.converted.size < MAX_KEPT) kept.converted.set(key, converted);
    return converted;
  };
}

/** Several tools at once, where they share no limits. `what` is for errors. */
export function toConvert<WireTool>(
  what: string,
  convert: Converter<WireTool>,
  strict: StrictOption,
): Convert<WireTool> {
  return (tools) =>
    tools.map(({ tool, wireName, deferred }) =>
      convert(tool, { wireName, deferred, mode: toMode(what, strict, tool) }),
    );
}

function compile(
  { inputSchema }: ToolDescription,
  kept: Map<boolean, CompiledSchema>,
  rules: ProviderRules,
  strict: boolean,
): CompiledSchema {
  let compiled = kept.get(strict);
  if (compiled === undefined) {
    compiled = compileSchema(inputSchema, rules, strict);
    kept.set(strict, compiled);
  }
  return compiled;
}
