// Definitions that are data, as tools: what a client sends, and what is stored. Whoever wrote them is not trusted; what is wrong is told.
import { formatPath } from "../../call/issue.ts";
import { type Problem, ToolyardError, toProblemsError } from "../../errors/toolyard-error.ts";
import { isObject, type JsonObject, type JsonValue } from "../../kernel/json.ts";
import { findNearest } from "../../kernel/nearest.ts";
import { toSourceDefinition } from "../../tool/contract/written-definition.ts";
import { type PublishedDefinition, publishTool } from "../../tool/publish.ts";
import { copyJson } from "../../tool/schema/copy-json.ts";
import type { ToolSource } from "../../tool/source.ts";
import { toKind } from "../options.ts";
import type { ReadDefinitions } from "./check-definitions.ts";

/** How tools are made of data, by kind. */
export type Sources = ReadonlyMap<string, ToolSource>;

/** Definitions of one publication. */
const MAX_DEFINITIONS = 100;
/** As deep as schemas may be. */
const COPY_RULES = { maxDepth: 256, instances: "refuse", bigints: false } as const;
/** Of a problem with a source. */
const MAX_MESSAGE = 500;

/** Reads what is to be published. Never throws for what it reads; INVALID_OPTION when there are no sources, INVALID_DEFINITION for too many. */
export function readData(what: string, definitions: readonly unknown[], sources: Sources): ReadDefinitions {
  if (sources.size === 0)
    throw new ToolyardError("INVALID_OPTION", `${what}: the registry has no sources; see its option "sources"`);
  if (!Array.isArray(definitions) || definitions.length > MAX_DEFINITIONS) {
    const received = Array.isArray(definitions) ? `${definitions.length} definitions` : toKind(definitions);
    const message = `received ${received}, expected an array of at most ${MAX_DEFINITIONS}`;
    throw toProblemsError("INVALID_DEFINITION", `${what}: nothing was registered.`, [{ path: "definitions", message }]);
  }
  return definitions.map((given: unknown, index) => {
    const read = readOne(given, sources);
    return read.ok ? read : refuse(read.problems, (path) => `definitions[${index}]${path === "" ? "" : `: ${path}`}`);
  });
}

/** The tool of a stored definition, if a source still makes of it what is stored. Never throws. */
export function readStored(stored: JsonValue | null, digest: string, sources: Sources): PublishedDefinition {
  const written = toSourceDefinition(stored);
  if (written === null) return toProblem("has no source");
  const { kind, definition } = written;
  const read = makeTool(definition, kind, sources);
  if (!read.ok || read.tool.version.digest === digest) return read;
  return toProblem(`is another one as ${kind} reads it now: ${read.tool.version.digest}, stored is ${digest}`);
}

function readOne(given: unknown, sources: Sources): PublishedDefinition {
  // Once: what is checked is what is made a tool of, whatever reading it again would give.
  const copied = copyJson(given, COPY_RULES);
  if (!copied.ok) {
    const problems = copied.issues.map(({ path, message, expected, received }) => {
      return { path: formatPath(path), message: `${message}: expected ${expected}, received ${received}` };
    });
    return { ok: false, problems };
  }
  const { value } = copied;
  const kinds = [...sources.keys()];
  if (!isObject(value)) return toProblem(`received ${toKind(value)}, expected an object with ${kinds.join(" or ")}`);
  const named = kinds.filter((kind) => Object.hasOwn(value, kind));
  const [kind] = named;
  if (kind !== undefined && named.length === 1) return makeTool(value as JsonObject, kind, sources);
  if (named.length > 1)
    return toProblem(`has ${named.join(" and ")}; one of them makes the tool, leave the others out`);
  const near = kinds.find((one) => findNearest(one, Object.keys(value).slice(0, 64), 1).length > 0);
  const hint = near === undefined ? "" : `; did you mean ${near}?`;
  return toProblem(`has none of ${kinds.join(", ")}, which say what the tool is made of${hint}`);
}

function makeTool(definition: JsonObject, kind: string, sources: Sources): PublishedDefinition {
  const source = sources.get(kind);
  if (source === undefined) return toProblem(`is made of ${kind}, and no source of the registry is called that`);
  try {
    const published = publishTool(source(definition).definition);
    if (!published.ok || published.tool.version.source?.kind === kind) return published;
    return toProblem(`cannot be stored: the source ${kind} made a tool without { source: { kind: "${kind}", … } }`);
  } catch (error) {
    if (error instanceof ToolyardError && error.problems.length > 0) return { ok: false, problems: error.problems };
    return toProblem(`${kind} cannot make a tool of it: ${toText(error)}`);
  }
}

function toText(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, MAX_MESSAGE);
}

function toProblem(message: string): PublishedDefinition {
  return { ok: false, problems: [{ path: "", message }] };
}

function refuse(problems: readonly Problem[], toPath: (path: string) => string): PublishedDefinition {
  return { ok: false, problems: problems.map(({ path, message }) => ({ path: toPath(path), message })) };
}
