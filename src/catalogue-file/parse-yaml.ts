// Reads YAML that may be anybody's: bounded in size and depth, without aliases, tags and keys that are there twice. What it gives is JSON data,
// and where in the text each part of it is.
import { type Document, isAlias, isMap, isNode, isScalar, isSeq, LineCounter, type Node, parseDocument } from "yaml";
import type { JsonValue } from "../kernel/json.ts";
import { findDepth } from "./yaml-depth.ts";

/** Keys and indexes from the root. */
export type Path = readonly (string | number)[];

export interface PathProblem {
  readonly path: Path;
  /** What was received, what is accepted, and what to do. */
  readonly message: string;
}

export interface TextPlace {
  /** From 1. */
  readonly line: number;
  readonly column: number;
}

export interface ParsedYaml {
  /** Objects are maps: their keys are anybody's. */
  readonly value: YamlData;
  /** What is wrong with the text itself. */
  readonly problems: readonly (TextPlace & { readonly message: string })[];
  /** Where the part at `path` is, or the nearest part around it. */
  locate(path: Path): TextPlace;
}

export type YamlData = null | boolean | number | string | readonly YamlData[] | ReadonlyMap<string, YamlData>;

const MAX_DEPTH = 100;
/** Problems of the text that are told. */
const MAX_PROBLEMS = 20;

/** Parses `text`. Never throws. */
export function parseYaml(text: string): ParsedYaml {
  const counter = new LineCounter();
  const found: { readonly at: number; readonly message: string }[] = [];
  let document: Document | null = null;
  let value: YamlData = null;
  const deep = findDepth(text, MAX_DEPTH);
  if (deep !== null) return toUnread(text, deep);
  try {
    document = parseDocument(text, {
      version: "1.2",
      schema: "core",
      lineCounter: counter,
      prettyErrors: false,
      logLevel: "error",
      // Looked at below: the parser compares each key with all before it.
      uniqueKeys: false,
    });
    for (const error of [...document.errors, ...document.warnings])
      found.push({ at: error.pos[0], message: toLine(error.message) });
    if (found.length === 0) value = toData(document.contents, 0, (at, message) => found.push({ at, message }));
  } catch (error) {
    // The parser calls itself for each level.
    const message = error instanceof RangeError ? TOO_DEEP : toLine((error as Error).message);
    found.push({ at: 0, message });
  }
  const place = (at: number): TextPlace => {
    const { line, col } = counter.linePos(at);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  return {
    value,
    problems: found.slice(0, MAX_PROBLEMS).map(({ at, message }) => ({ ...place(at), message })),
    locate: (path) => place(findStart(document?.contents ?? null, path)),
  };
}

const TOO_DEEP = `is nested deeper than ${MAX_DEPTH} levels`;

function toUnread(text: string, at: number): ParsedYaml {
  const lines = text.slice(0, at).split("\n");
  const place = { line: lines.length, column: Math.max(1, lines.at(-1)?.length ?? 1) };
  return { value: null, problems: [{ ...place, message: TOO_DEEP }], locate: () => place };
}

type Tell = (at: number, message: string) => void;

function toData(node: unknown, depth: number, tell: Tell): YamlData {
  if (!isNode(node)) return null;
  const at = node.range?.[0] ?? 0;
  if (depth > MAX_DEPTH) {
    tell(at, TOO_DEEP);
    return null;
  }
  checkProperties(node, at, tell);
  if (isSeq(node)) return node.items.map((item) => toData(item, depth + 1, tell));
  if (isMap(node)) return toMap(node.items, depth, tell);
  return isScalar(node) ? toScalar(node.value, at, tell) : null;
}

/** What makes YAML more than data. */
function checkProperties(node: Node, at: number, tell: Tell): void {
  if (isAlias(node)) {
    tell(at, `is an alias (*${node.source}); write out what it stands for`);
    return;
  }
  if ("anchor" in node && node.anchor !== undefined)
    tell(at, `has an anchor (&${node.anchor}); nothing may refer to it, take it out`);
  if (node.tag?.startsWith("!") === true && node.tag !== "!") tell(at, `has the tag ${node.tag}; take it out`);
}

function toMap(
  items: readonly { readonly key: unknown; readonly value: unknown }[],
  depth: number,
  tell: Tell,
): ReadonlyMap<string, YamlData> {
  const map = new Map<string, YamlData>();
  for (const { key, value } of items) {
    const name = toKey(key);
    if (name === null) tell(toStart(key, 0), "is a key that is no text");
    else if (map.has(name)) tell(toStart(key, 0), `has the key ${JSON.stringify(name.slice(0, 80))} twice`);
    else map.set(name, toData(value, depth + 1, tell));
  }
  return map;
}

/** A key as it was written: `1.10` is a name here, not a number. */
function toKey(key: unknown): string | null {
  if (!isScalar(key) || key.anchor !== undefined) return null;
  return typeof key.value === "string" ? key.value : (key.source ?? null);
}

function toScalar(value: unknown, at: number, tell: Tell): YamlData {
  if (value === null || typeof value === "boolean" || typeof value === "string") return value;
  if (typeof value === "number" && Number.isFinite(value)) return value;
  tell(at, "is no value that JSON can hold");
  return null;
}

/** Where the key at the end of `path` begins, or the nearest thing around it. */
function findStart(root: Node | null, path: Path): number {
  let node: unknown = root;
  let start = toStart(root, 0);
  for (const step of path) {
    const [at, next] = stepInto(node, step);
    if (next === undefined) return start;
    start = toStart(at, start);
    node = next;
  }
  return start;
}

/** What is at `step` of a node, and what stands before it: its key, or itself. */
function stepInto(node: unknown, step: string | number): readonly [at: unknown, next: unknown] {
  if (isSeq(node) && typeof step === "number") return [node.items[step], node.items[step]];
  const pair = isMap(node) ? node.items.find(({ key }) => toKey(key) === step) : undefined;
  return [pair?.key, pair?.value];
}

function toStart(node: unknown, otherwise: number): number {
  return (isNode(node) ? node.range?.[0] : undefined) ?? otherwise;
}

function toLine(message: string): string {
  return message.split("\n")[0] ?? message;
}

/** Plain JSON data. Its keys are the author's own, as they are in what they describe. */
export function toJson(data: YamlData): JsonValue {
  if (Array.isArray(data)) return data.map(toJson);
  if (!(data instanceof Map)) return data as JsonValue;
  const entries = [...(data as ReadonlyMap<string, YamlData>)].map(([key, value]): [string, JsonValue] => [
    key,
    toJson(value),
  ]);
  return Object.fromEntries(entries);
}

/** The content of a text that was written here, as JSON data. */
export function toYamlJson(text: string): JsonValue {
  return toJson(parseYaml(text).value);
}
