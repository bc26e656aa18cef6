// What a request declares and which of that may be called: the two have to fit, the API refuses a name without a
// declaration and a configuration without any.
import type { Shown } from "../shown.ts";
import { SEARCH_DESCRIPTION, SEARCH_PARAMETERS } from "../tool-search.ts";
import { MAX_DECLARATIONS } from "./to-gemini-tool.ts";
import type { FunctionCallingConfigMode, GeminiFunction, GeminiTool, GeminiToolConfig } from "./wire.ts";

/** The client's enumeration, which at run time is its texts. */
export const MODES: typeof FunctionCallingConfigMode = {
  NONE: "NONE",
  VALIDATED: "VALIDATED",
} as unknown as typeof FunctionCallingConfigMode;

/** One entry with every function; none without any, because the API refuses an empty one. */
export function toTools(shown: Shown<GeminiFunction>): GeminiTool[] {
  const functionDeclarations = toDeclarations(shown);
  return functionDeclarations.length === 0 ? [] : [{ functionDeclarations }];
}

/**
 * VALIDATED once it is asked for strict tools, Gemini having no such mark for each, or narrowed to some; undefined when
 * nothing is asked for.
 */
export function toToolConfig(
  allowed: readonly string[] | null,
  shown: Shown<GeminiFunction>,
): GeminiToolConfig | undefined {
  const names = toDeclarations(shown).map(({ name }) => name);
  if (names.length === 0) return undefined;
  if (allowed === null) return isConstrained(shown) ? { functionCallingConfig: { mode: MODES.VALIDATED } } : undefined;
  const search = toSearchName(shown);
  const possible = names.filter((name) => name === search || allowed.includes(name));
  return possible.length === 0
    ? { functionCallingConfig: { mode: MODES.NONE } }
    : { functionCallingConfig: { mode: MODES.VALIDATED, allowedFunctionNames: possible } };
}

function isConstrained({ loaded, deferred }: Shown<GeminiFunction>): boolean {
  return [...loaded, ...deferred].some(({ converted }) => converted.reason !== null);
}

function toDeclarations(shown: Shown<GeminiFunction>): GeminiFunction[] {
  const name = toSearchName(shown);
  const search = name === null ? [] : [toSearchFunction(name)];
  let over = search.length + shown.loaded.length - MAX_DECLARATIONS;
  // What was found first was needed first; calls of it stay valid in the conversation without its declaration.
  const kept = shown.loaded.filter(({ deferred }) => !deferred || over-- <= 0);
  return [...search, ...kept.map(({ converted }) => converted.wire)].slice(0, MAX_DECLARATIONS);
}

function toSearchName({ search }: Shown<GeminiFunction>): string | null {
  return search?.by === "binding" ? search.wireName : null;
}

function toSearchFunction(name: string): GeminiFunction {
  return { name, description: SEARCH_DESCRIPTION, parametersJsonSchema: SEARCH_PARAMETERS };
}
