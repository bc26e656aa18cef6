// From Zod's issues to problems that say what was received, what is accepted and what is near. What was sent may be
// anybody's: at most `MAX_PROBLEMS` are told, values that look secret are not repeated, and nothing here throws.
import type { z } from "zod";
import type { Problem } from "../../errors/toolyard-error.ts";
import { findNearest } from "../../kernel/nearest.ts";
import { toKeySecrecy } from "../../kernel/secret-name.ts";
import { toAccepted, toAllowedValues, toListed } from "./accepted.ts";
import { toKind, toQuoted, toReceived } from "./received.ts";
import { stepInto, toKnownKeys, toMeta, toOptions, toStep } from "./schema-steps.ts";

/** How many problems are told. */
export const MAX_PROBLEMS = 32;
/** Issues of one branch of a union that are compared with those of another. */
const MAX_COMPARED = 64;
/** Unions in unions. */
const MAX_DEPTH = 8;
/** Steps of a path that are told. */
const MAX_STEPS = 64;

/** What Zod says for a check that says nothing itself. */
const NO_WORDS = "Invalid input";

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

interface Source {
  readonly schema: z.ZodType;
  readonly input: unknown;
  /** What the whole is called. */
  readonly whole: string;
}

/**
 * The problems of `input`, which `schema` refused with `error`: where (`server.limits[0].capacity`), what was received, what
 * is accepted, and the nearest known key or value. Of a union, those of the branch that fits best.
 * @param whole path of a problem with `input` itself. Default: "value"
 * @returns at most 32
 */
export function toProblems(error: z.ZodError, schema: z.ZodType, input: unknown, whole = "value"): readonly Problem[] {
  const source = { schema, input, whole };
  const problems: Problem[] = [];
  addProblems(problems, source, error.issues, [], 0);
  return problems.slice(0, MAX_PROBLEMS);
}

function addProblems(found: Problem[], source: Source, issues: readonly Issue[], before: Path, depth: number): void {
  // A key that was mistyped explains why another is missing.
  const isFirst = ({ code }: Issue): boolean => code === "unrecognized_keys";
  for (const issue of [...issues.filter(isFirst), ...issues.filter((one) => !isFirst(one))]) {
    if (found.length >= MAX_PROBLEMS) return;
    const path = [...before, ...issue.path];
    const inner = depth < MAX_DEPTH ? toInnerIssues(issue) : undefined;
    if (inner === undefined) found.push(...toIssueProblems(source, issue, path));
    else addProblems(found, source, inner, path, depth + 1);
  }
}

/** The issues that an issue consists of, where they say more than it does. */
function toInnerIssues(issue: Issue): readonly Issue[] | undefined {
  if (issue.code === "invalid_union") return findBestBranch(issue.errors);
  return issue.code === "invalid_element" ? issue.issues : undefined;
}

function toIssueProblems(source: Source, issue: Issue, path: Path): readonly Problem[] {
  if (issue.code === "unrecognized_keys") return toUnknownKeys(source, issue.keys, path);
  if (issue.code === "invalid_key") return [toKeyProblem(source, path)];
  // What a check says in its own words is better than what its schema accepts.
  if (issue.code === "custom" && issue.message !== NO_WORDS)
    return [{ path: toPathText(path, source.whole), message: issue.message }];
  return [toMismatch(source, path, toValues(issue))];
}

function toValues(issue: Issue): readonly unknown[] {
  if (issue.code === "invalid_value") return issue.values;
  return isDiscriminated(issue) ? (issue.options ?? []) : [];
}

/** What came at `path` in place of what is accepted there. */
function toMismatch(source: Source, path: Path, values: readonly unknown[]): Problem {
  const schemas = findSchemas(source.schema, path);
  const allowed = values.length > 0 ? values : schemas.flatMap((schema) => toOptions(schema).flatMap(toAllowedValues));
  const words = [...new Set(schemas.map((schema) => toAccepted(schema)))];
  const accepted = isDiscriminator(schemas, values) || words.length === 0 ? toListed(values) : words.join(", or ");
  const expected = accepted === "" ? "another value" : accepted;
  const [found, value] = readAt(source.input, path);
  const where = toPathText(path, source.whole);
  if (path.length > 0 && (!found || value === undefined))
    return { path: where, message: `is missing; expected ${expected}` };
  const isHidden = isSecret(path) || schemas.some((schema) => toMeta(schema, "secret") === true);
  const received = isHidden ? toKind(value) : toReceived(value);
  return { path: where, message: `received ${received}, expected ${expected}${toHint(value, allowed)}` };
}

/** A discriminator has one schema in each option: together they say less than the list of values. */
function isDiscriminator(schemas: readonly z.ZodType[], values: readonly unknown[]): boolean {
  return schemas.length > 1 && values.length > 0;
}

function toHint(value: unknown, allowed: readonly unknown[]): string {
  if (typeof value !== "string") return "";
  const texts = allowed.filter((known) => typeof known === "string");
  const near = findNearest(value, texts, 1)[0];
  return near === undefined ? "" : `; did you mean ${JSON.stringify(near)}?`;
}

function toUnknownKeys(source: Source, keys: readonly string[], path: Path): readonly Problem[] {
  const known = [...new Set(findSchemas(source.schema, path).flatMap(toKnownKeys))];
  return keys.slice(0, MAX_PROBLEMS).map((key) => {
    const near = findNearest(key, known, 1)[0];
    const accepted =
      known.length === 0 ? "no key is accepted here" : `accepted: ${known.slice(0, MAX_STEPS).join(", ")}`;
    const hint = near === undefined ? accepted : `did you mean ${near}?`;
    return { path: toPathText([...path, key], source.whole), message: `is not a known key; ${hint}` };
  });
}

function toKeyProblem(source: Source, path: Path): Problem {
  const key = path.at(-1);
  const before = path.slice(0, -1);
  const parents = findSchemas(source.schema, before).flatMap((schema) => toOptions(schema));
  const keyType = parents.map((parent) => toStep(parent).keyType).find((schema) => schema !== undefined);
  const accepted = keyType === undefined ? "another one" : toAccepted(keyType);
  const isHidden = keyType !== undefined && toMeta(keyType, "secret") === true;
  const hint = keyType === undefined || isHidden ? "" : toHint(key, toAllowedValues(keyType));
  const message = `is a key that is not accepted; expected ${accepted}${hint}`;
  return { path: toPathText(isHidden ? [...before, "…"] : path, source.whole), message };
}

/** The branch whose issues are of parts rather than of the whole, and are the fewest; undefined when none took the value's kind. */
function findBestBranch(branches: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  const inside = branches.filter((issues) => issues.length > 0 && !issues.slice(0, MAX_COMPARED).some(isOfWhole));
  const [first, ...others] = inside;
  if (first === undefined) return undefined;
  return others.reduce((best, issues) => (issues.length < best.length ? issues : best), first);
}

/** Whether the value is of another kind altogether. A check of the whole was asked once its kind was right. */
function isOfWhole(issue: Issue): boolean {
  if (issue.path.length > 0) return false;
  if (issue.code === "invalid_union") return findBestBranch(issue.errors) === undefined;
  if (issue.code === "custom") return issue.message === NO_WORDS;
  return issue.code === "invalid_type" || issue.code === "invalid_value";
}

function isDiscriminated(issue: Issue): issue is Issue & { readonly options?: readonly unknown[] } {
  return "discriminator" in issue;
}

function findSchemas(schema: z.ZodType, path: Path): readonly z.ZodType[] {
  let schemas: readonly z.ZodType[] = [schema];
  for (const key of path) schemas = schemas.flatMap((one) => stepInto(one, key)).slice(0, MAX_COMPARED);
  return schemas;
}

/** Own data only: a getter or a proxy of a stranger's is not asked twice. */
function readAt(input: unknown, path: Path): readonly [found: boolean, value: unknown] {
  let value = input;
  try {
    for (const key of path) {
      if ((typeof value !== "object" && typeof value !== "function") || value === null) return [false, undefined];
      const property = Object.getOwnPropertyDescriptor(value, key);
      if (property === undefined) return [false, undefined];
      value = property.get === undefined ? property.value : "a value that is computed";
    }
    return [true, value];
  } catch {
    return [true, "a value that cannot be read"];
  }
}

function isSecret(path: Path): boolean {
  return path.some((key) => typeof key === "string" && toKeySecrecy(key) !== "open");
}

/** `server.limits[0]["a key"]`. */
export function toPathText(path: Path, whole: string): string {
  if (path.length === 0) return whole;
  const steps = path.slice(0, MAX_STEPS).map((key, at) => {
    if (typeof key === "number") return `[${key}]`;
    const name = String(key);
    if (!/^[\p{L}_$][\p{L}\p{N}_$-]{0,79}$/u.test(name)) return `[${toQuoted(name)}]`;
    return at === 0 ? name : `.${name}`;
  });
  return `${steps.join("")}${path.length > MAX_STEPS ? "…" : ""}`;
}
