// Configuration files that are data: YAML 1.2 or JSON, with the place of every mistake. What makes YAML more than data is
// refused: aliases (ten lines of them are gigabytes), anchors, tags, and keys that are there twice.
import { type Document, isAlias, isMap, isNode, isScalar, isSeq, LineCounter, type Node, parseDocument } from "yaml";
import type { Problem } from "../../errors/toolyard-error.ts";
import { parseJson } from "../../kernel/parse-json.ts";
import { toPathText } from "../problems/index.ts";

export interface ParsedData {
  readonly value: unknown;
  /** What is wrong with the text itself, each with its place. */
  readonly problems: readonly Problem[];
  /** Where the part at a path as problems write it is, or the nearest part around it: `line 3, column 5`. */
  locate(path: string): string;
}

const MAX_BYTES = 1_048_576;
const MAX_DEPTH = 64;
const MAX_PROBLEMS = 20;

type Path = readonly (string | number)[];
type Tell = (at: number, message: string) => void;

interface Reading {
  readonly tell: Tell;
  /** Where each part begins, by its path. */
  readonly starts: Map<string, number>;
}

/** Parses `text`. Never throws. */
export function parseData(text: string, format: "yaml" | "json"): ParsedData {
  const counter = new LineCounter();
  const found: { readonly at: number; readonly message: string }[] = [];
  const reading: Reading = { tell: (at, message) => found.push({ at, message }), starts: new Map() };
  const strict = format === "json" ? parseJson(text, { maxBytes: MAX_BYTES, maxDepth: MAX_DEPTH }) : null;
  let value: unknown = null;
  if (strict?.ok === false) reading.tell(0, strict.message);
  else value = readYaml(text, counter, reading);
  const toPlace = (at: number): string => {
    const { line, col } = counter.linePos(at);
    return `line ${Math.max(1, line)}, column ${Math.max(1, col)}`;
  };
  return {
    value,
    // What is no JSON says its position itself.
    problems: found
      .slice(0, MAX_PROBLEMS)
      .map(({ at, message }) => ({ path: strict?.ok === false ? "the text" : toPlace(at), message })),
    locate: (path) => toPlace(findStart(reading.starts, path)),
  };
}

function readYaml(text: string, lineCounter: LineCounter, reading: Reading): unknown {
  if (text.length > MAX_BYTES) {
    reading.tell(0, `received ${text.length} characters, expected at most ${MAX_BYTES}`);
    return null;
  }
  try {
    const document: Document = parseDocument(text, {
      version: "1.2",
      schema: "core",
      lineCounter,
      prettyErrors: false,
      logLevel: "error",
      uniqueKeys: false,
    });
    const wrong = [...document.errors, ...document.warnings];
    for (const { pos, message } of wrong) reading.tell(pos[0], message.split("\n")[0] ?? message);
    return wrong.length > 0 ? null : toData(document.contents, [], reading);
  } catch (error) {
    // The parser calls itself for each level.
    if (!(error instanceof RangeError)) throw error;
    reading.tell(0, TOO_DEEP);
    return null;
  }
}

const TOO_DEEP = `is nested deeper than ${MAX_DEPTH} levels`;

function toData(node: unknown, path: Path, reading: Reading): unknown {
  if (!isNode(node)) return null;
  const at = node.range?.[0] ?? 0;
  if (path.length > 0 && typeof path.at(-1) === "number") reading.starts.set(toPathText(path, ""), at);
  if (path.length > MAX_DEPTH) {
    reading.tell(at, TOO_DEEP);
    return null;
  }
  checkProperties(node, at, reading.tell);
  if (isSeq(node)) return node.items.map((item, index) => toData(item, [...path, index], reading));
  if (isMap(node)) return toMembers(node.items, path, reading);
  return isScalar(node) ? toScalar(node.value, at, reading.tell) : null;
}

function checkProperties(node: Node, at: number, tell: Tell): void {
  if (isAlias(node)) tell(at, `is an alias (*${node.source}); write out what it stands for`);
  else if ("anchor" in node && node.anchor !== undefined)
    tell(at, `has an anchor (&${node.anchor}); nothing may refer to it, take it out`);
  if (node.tag?.startsWith("!") === true && node.tag !== "!") tell(at, `has the tag ${node.tag}; take it out`);
}

function toMembers(
  items: readonly { readonly key: unknown; readonly value: unknown }[],
  path: Path,
  reading: Reading,
): unknown {
  const members = new Map<string, unknown>();
  for (const { key, value } of items) {
    const at = (isNode(key) ? key.range?.[0] : undefined) ?? 0;
    const name =
      isScalar(key) && key.anchor === undefined ? (typeof key.value === "string" ? key.value : key.source) : undefined;
    if (name === undefined) reading.tell(at, "is a key that is no text");
    else if (members.has(name)) reading.tell(at, `has the key ${JSON.stringify(name.slice(0, 80))} twice`);
    else {
      reading.starts.set(toPathText([...path, name], ""), at);
      members.set(name, toData(value, [...path, name], reading));
    }
  }
  return Object.fromEntries(members);
}

function toScalar(value: unknown, at: number, tell: Tell): unknown {
  if (value === null || typeof value === "boolean" || typeof value === "string") return value;
  if (typeof value === "number" && Number.isFinite(value)) return value;
  tell(at, "is no value that JSON can hold");
  return null;
}

/** The longest known path that `path` begins with. */
function findStart(starts: ReadonlyMap<string, number>, path: string): number {
  for (let end = path.length; end > 0; end--) {
    if (end < path.length && !/[.[: ]/.test(path[end] ?? "")) continue;
    const start = starts.get(path.slice(0, end));
    if (start !== undefined) return start;
  }
  return 0;
}
