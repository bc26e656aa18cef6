// The part of a JSON text that a JSON Pointer (RFC 6901) names, as it is written there: parsed and written again, an
// integer beyond 2^53 would be another one. Each step goes on from where the one before ended: linear, however deep.
import { ToolError } from "../../errors/tool-error.ts";

const POINTER = /^(?:\/(?:[^~/]|~[01])*)*$/;
const MAX_KEYS = 20;
const MAX_KEY = 64;
const SPACE = /[^ \t\n\r]|$/g;
const SCALAR_END = /[,\]} \t\n\r]|$/g;
const STRUCTURE = /["[\]{}]|$/g;

/**
 * The part of `text` at `pointer`. Of a name that occurs twice in an object, the first.
 * Throws a ToolError: INVALID_POINTER, NOT_JSON, or NO_SUCH_PART that says how far the pointer leads and what is there.
 */
export function selectPart(text: string, pointer: string): string {
  if (pointer === "") return text;
  if (!POINTER.test(pointer)) {
    throw new ToolError(
      "INVALID_POINTER",
      `${JSON.stringify(pointer)} is no JSON Pointer: it begins with "/", as in /items/0/name; within a name "~" is ~0 and "/" is ~1.`,
    );
  }
  assertJson(text);
  const tokens = pointer.slice(1).split("/");
  let at = indexFrom(SPACE, text, 0);
  for (const [depth, token] of tokens.entries()) {
    const child = findChild(text, at, token.replaceAll("~1", "/").replaceAll("~0", "~"));
    if (child === null) {
      const prefix = depth === 0 ? "the whole result" : JSON.stringify(`/${tokens.slice(0, depth).join("/")}`);
      throw new ToolError(
        "NO_SUCH_PART",
        `There is nothing at ${JSON.stringify(pointer)}: ${prefix} is ${describe(text, at)}.`,
      );
    }
    at = child;
  }
  return text.slice(at, skipValue(text, at));
}

function assertJson(text: string): void {
  try {
    JSON.parse(text);
  } catch {
    throw new ToolError("NOT_JSON", "The result is not JSON; read it without a pointer.");
  }
}

interface Child {
  readonly key: string;
  /** Where its value begins. */
  readonly start: number;
}

function findChild(text: string, at: number, key: string): number | null {
  for (const child of readChildren(text, at)) if (child.key === key) return child.start;
  return null;
}

/** The members or items of the value at `at`, one after the other; none of a scalar. The text is JSON: nothing is checked. */
function* readChildren(text: string, at: number): Generator<Child, void, undefined> {
  const isObject = text[at] === "{";
  if (!isObject && text[at] !== "[") return;
  let next = indexFrom(SPACE, text, at + 1);
  for (let index = 0; text[next] !== "}" && text[next] !== "]"; index++) {
    let key = String(index);
    let start = next;
    if (isObject) {
      const end = skipString(text, next);
      key = JSON.parse(text.slice(next, end)) as string;
      start = indexFrom(SPACE, text, text.indexOf(":", end) + 1);
    }
    yield { key, start };
    const end = indexFrom(SPACE, text, skipValue(text, start));
    next = text[end] === "," ? indexFrom(SPACE, text, end + 1) : end;
  }
}

/** Where the value that begins at `at` ends. */
function skipValue(text: string, at: number): number {
  const first = text[at];
  if (first === '"') return skipString(text, at);
  if (first !== "{" && first !== "[") return indexFrom(SCALAR_END, text, at);
  let depth = 0;
  let next = at;
  do {
    const character = text[next];
    if (character === '"') next = skipString(text, next);
    else {
      depth += character === "{" || character === "[" ? 1 : -1;
      next++;
    }
    if (depth > 0) next = indexFrom(STRUCTURE, text, next);
  } while (depth > 0);
  return next;
}

/** Where the string that begins at `at` ends. */
function skipString(text: string, at: number): number {
  for (let end = text.indexOf('"', at + 1); ; end = text.indexOf('"', end + 1)) {
    let escapes = end;
    while (text[escapes - 1] === "\\") escapes--;
    if ((end - escapes) % 2 === 0) return end + 1;
  }
}

/** Where `pattern`, which has the flag `g`, first matches from `at` on. */
function indexFrom(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.exec(text)?.index ?? text.length;
}

function describe(text: string, at: number): string {
  const keys: string[] = [];
  let count = 0;
  for (const { key } of readChildren(text, at)) if (++count <= MAX_KEYS) keys.push(showKey(key));
  if (text[at] === "[") return count === 0 ? "an empty array" : `an array with the indices 0 to ${count - 1}`;
  if (text[at] !== "{") return "neither an object nor an array";
  const more = count > keys.length ? ` and ${count - keys.length} more` : "";
  return count === 0 ? "an empty object" : `an object with the keys ${keys.join(", ")}${more}`;
}

function showKey(key: string): string {
  return JSON.stringify(key.length > MAX_KEY ? `${key.slice(0, MAX_KEY)}…` : key);
}
