// Arguments as they were received, as data: what a key is made of has to be the same for JSON text and the data it stands
// for, whatever a schema makes of it later.
import { parseJson } from "../kernel/parse-json.ts";

/** The data; for text that cannot be read without loss, the text itself, marked so that it equals no data. */
export function toReceivedData(received: unknown): unknown {
  if (received === undefined || received === null) return {};
  if (typeof received !== "string") return received;
  if (received.trim() === "") return {};
  const parsed = parseJson(received);
  return parsed.ok && parsed.inexact.length === 0 ? (parsed.value ?? {}) : ["as text", received];
}
