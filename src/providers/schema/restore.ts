// The way back from the arguments a model sent to those of the tool, as JSON text or data.
import { parseJson } from "../../kernel/parse-json.ts";
import type { Plan, SchemaObject } from "./plan.ts";
import { restoreCase } from "./restore-case.ts";
import { restoreValue } from "./restore-value.ts";
import { parseExactly } from "./source-number.ts";

/** As in `CompiledSchema`. `plan` and `root` are those of what was compiled. */
export function createRestore(
  plan: Plan,
  root: SchemaObject,
  {
    hasDrops,
    hasRenames,
    hasTexts,
  }: { readonly hasDrops: boolean; readonly hasRenames: boolean; readonly hasTexts: boolean },
): (input: unknown) => unknown {
  const restore = (value: unknown): unknown => {
    // First, because it tells alternatives apart by the constants in them.
    const cased = hasTexts ? restoreCase(value, plan, root) : value;
    return hasDrops || hasRenames ? restoreValue(cased, plan, root, hasDrops) : cased;
  };
  const restoreText = (text: string): string => {
    if (!hasRenames && !hasTexts && !text.includes("null")) return text;
    // What it refuses the registry refuses, with its own words; taking something out could hide that.
    if (!parseJson(text).ok) return text;
    const value = parseExactly(text);
    const restored = restore(value);
    return restored === value ? text : JSON.stringify(restored);
  };
  return (input) => {
    try {
      return typeof input === "string" ? restoreText(input) : restore(input);
    } catch {
      // A Proxy or a getter among the data; the registry says so.
      return input;
    }
  };
}
