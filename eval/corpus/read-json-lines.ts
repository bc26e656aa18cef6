// Files of one JSON object a line.
import { readFileSync } from "node:fs";
import { basename } from "node:path";

export type Line = Readonly<Record<string, unknown>>;

/** The objects in the file. Throws an Error that names file and line where one is none. */
export function readJsonLines(path: string): readonly Line[] {
  return readFileSync(path, "utf8")
    .split("\n")
    .flatMap((text, index) => (text.trim() === "" ? [] : [toObject(text, `${basename(path)}:${index + 1}`)]));
}

function toObject(text: string, at: string): Line {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Error(`${at} is no JSON: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Error(`${at} is no JSON object`);
  return value as Line;
}
