// An error as the model gets it (`call/model-text.ts`), read back. This text is all that the offline model knows of what
// went wrong, as any other model.

export interface ReadIssue {
  readonly path: readonly (string | number)[];
  readonly message: string;
  readonly expected: string;
  readonly received: string;
  readonly hint: string | null;
}

export interface ReadError {
  readonly code: string;
  readonly message: string;
  readonly issues: readonly ReadIssue[];
  /** The effect has happened, or may have: the call must not be made again. */
  readonly isDone: boolean;
}

const HEAD = /^([A-Z][A-Z0-9_]*)(?: [A-Z][A-Z0-9_]*)?: /;
const DONE = ["The effect has happened", "Whether the effect happened is not known"];
const MAX_ISSUES = 64;

/** Reads the text of a failed call. Never throws. */
export function readError(text: string): ReadError {
  const head = HEAD.exec(text);
  const lines = text.split("\n");
  const issues = lines
    .filter((line) => line.startsWith("- "))
    .slice(0, MAX_ISSUES)
    .flatMap((line) => readIssue(line.slice(2)) ?? []);
  return {
    code: head?.[1] ?? "",
    message: (lines[0] ?? "").slice(head?.[0].length ?? 0),
    issues,
    isDone: lines.some((line) => DONE.some((start) => line.startsWith(start))),
  };
}

function readIssue(line: string): ReadIssue | null {
  const colon = line.indexOf(": ");
  const expectedAt = line.indexOf("; expected ", colon);
  const hintAt = line.indexOf(". Hint: ", expectedAt);
  const end = hintAt === -1 ? line.length : hintAt;
  const receivedAt = line.lastIndexOf(", received ", end);
  if (colon === -1 || expectedAt === -1 || receivedAt < expectedAt) return null;
  return {
    path: readPath(line.slice(0, colon)),
    message: line.slice(colon + 2, expectedAt),
    expected: line.slice(expectedAt + "; expected ".length, receivedAt),
    received: line.slice(receivedAt + ", received ".length, end).replace(/\.$/, ""),
    hint: hintAt === -1 ? null : line.slice(hintAt + ". Hint: ".length).replace(/\.$/, ""),
  };
}

const STEP = /\.?([A-Za-z_$][\w$]*)|\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]/y;

/** `items[0].id` as keys and indices; `arguments` is the root. */
function readPath(text: string): readonly (string | number)[] {
  if (text === "arguments") return [];
  const path: (string | number)[] = [];
  STEP.lastIndex = 0;
  for (let match = STEP.exec(text); match !== null; match = STEP.exec(text)) {
    path.push(match[1] ?? (match[2] === undefined ? readQuoted(match[3] ?? '""') : Number(match[2])));
    if (STEP.lastIndex >= text.length) break;
  }
  return path;
}

/** The text in a JSON string; the text as it is when it was cut. */
export function readQuoted(text: string): string {
  try {
    return String(JSON.parse(text));
  } catch {
    return text.replaceAll(/^"|"$/g, "");
  }
}
