// Idempotency keys for the calls of models. An id that a model made up is no key: models repeat ids for other calls. It
// becomes one together with what the loop knows, or when the operator says that this model's ids can be relied on.
import { toDigest } from "../kernel/canonical-json.ts";
import { EFFECT_DEFAULTS } from "../tool/effect.ts";
import type { ToolDescription } from "../tool/tool-version.ts";

const MAX_KEY = 255;

/** A key for this call in this turn, so that a turn that is run again has no effect twice; null for a tool that reads. */
export function toTurnKey(tool: ToolDescription, turn: string, id: string, input: unknown): string | null {
  if (!EFFECT_DEFAULTS[tool.effect].keyedByAgents) return null;
  try {
    return `turn:${toDigest([turn, id, input ?? null])}`;
  } catch {
    // What JSON cannot hold the registry refuses; whatever the key, nothing happens under it.
    return `turn:${toDigest([turn, id])}`;
  }
}

/** The call's id as its key; null for a tool that reads. */
export function toIdKey(tool: ToolDescription, id: string): string | null {
  if (!EFFECT_DEFAULTS[tool.effect].keyedByAgents || id === "") return null;
  return id.length <= MAX_KEY ? id : `id:${toDigest(id)}`;
}
