// Reads a list of names out of a declaration.
import { formatReceived, type Problems } from "./problems.ts";

const MAX_LENGTH = 256;

/**
 * A frozen copy of `values`, a list of at least one string; `check` sees each string with its path. What is wrong goes
 * to `problems`; the result is then of no use.
 */
export function parseTexts(
  path: string,
  values: unknown,
  expected: string,
  problems: Problems,
  check: (text: string, path: string) => void = () => {},
): readonly string[] {
  const texts: string[] = [];
  if (!Array.isArray(values) || values.length === 0) {
    problems.add(path, `received ${formatReceived(values)}, ${expected}`);
    return texts;
  }
  for (const [index, value] of Array.from(values as readonly unknown[]).entries()) {
    const at = `${path}[${index}]`;
    if (typeof value === "string" && value.length > 0 && value.length <= MAX_LENGTH) {
      texts.push(value);
      check(value, at);
    } else problems.add(at, `received ${formatReceived(value)}, expected a string of 1 to ${MAX_LENGTH} characters`);
  }
  return Object.freeze(texts);
}
