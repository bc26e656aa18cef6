// Where each argument goes. Every member of the input has exactly one place in the request, named or by default: the place in
// the path of its name, the query of a method that reads or deletes, the body of any other.
import { findNearest } from "../../kernel/nearest.ts";
import type { FieldReader } from "../../tool/publishing/field-reader.ts";
import { describeValue } from "../../tool/schema/describe-value.ts";
import { isSchema } from "../../tool/schema/json-type.ts";
import { findHeaderNameProblem } from "./header-rules.ts";
import type { HttpMethod, HttpParameter } from "./http-tool-definition.ts";
import type { InputMembers } from "./input-members.ts";
import type { NameClaims } from "./name-claims.ts";
import { findTextProblem } from "./build-url.ts";

const PLACES = ["path", "query", "header", "body"] as const;
const KEYS = ["in", "name", "style"];
const STYLES = ["repeat", "comma"] as const;
const MAX_NAME = 256;

/** What else decides on the place of an argument. */
export interface ParameterContext {
  readonly members: InputMembers;
  readonly method: HttpMethod;
  /** Names of the places in the path; null when the URL could not be read. */
  readonly places: readonly string[] | null;
  readonly body: "json" | "form" | undefined;
  readonly claims: NameClaims;
}

/** Reads `value`, the field `parameters`; the place of every member of the input. */
export function readParameters(
  reader: FieldReader,
  value: unknown,
  context: ParameterContext,
): Readonly<Record<string, HttpParameter>> {
  const { names } = context.members;
  const given = reader.record("parameters", [...names], '{ id: { in: "path" } }');
  const raw = isSchema(value) ? value : {};
  const entries = names.map((member): [string, HttpParameter] => {
    // A member may be called `constructor`, which every object seems to have.
    const inner = Object.hasOwn(raw, member) ? given?.record(member, KEYS, '{ in: "query" }') : undefined;
    const parameter = readParameter(inner, member, context);
    check(reader, member, parameter, context);
    return [member, parameter];
  });
  refuseUnfilled(reader, new Map(entries), context);
  return Object.fromEntries(entries);
}

function readParameter(
  reader: FieldReader | undefined,
  member: string,
  { method, places }: ParameterContext,
): HttpParameter {
  const name = reader?.text("name", MAX_NAME) ?? member;
  const inBody = method === "POST" || method === "PUT" || method === "PATCH";
  const byDefault = places?.includes(name) === true ? "path" : inBody ? "body" : "query";
  const style = reader?.choice("style", STYLES);
  return { in: reader?.choice("in", PLACES) ?? byDefault, name, ...(style === undefined ? {} : { style }) };
}

function check(reader: FieldReader, member: string, parameter: HttpParameter, context: ParameterContext): void {
  const refuse = (message: string): void => {
    reader.report(`parameters.${member}`, message);
  };
  const owner = context.claims.claim(parameter.in, parameter.name, `parameters.${member}`);
  if (owner !== null)
    refuse(`has the name ${describeValue(parameter.name)} in the ${parameter.in}, which ${owner} has`);
  const isForm = parameter.in === "body" && context.body === "form";
  if (parameter.style !== undefined && parameter.in !== "query" && !isForm)
    refuse(`has a style, which is for arrays in a query or a form; leave it out`);
  const problem =
    findPlaceProblem(member, parameter, context, isForm) ?? findTypeProblem(member, parameter, context, isForm);
  if (problem !== null) refuse(problem);
}

function findPlaceProblem(
  member: string,
  { in: where, name }: HttpParameter,
  { members, method, places }: ParameterContext,
  isForm: boolean,
): string | null {
  switch (where) {
    case "path":
      return findPathProblem(member, name, places, members);
    case "header":
      return findHeaderProblem(name);
    case "body":
      if (method === "GET" || method === "HEAD") return `goes into the body, and ${method} has none`;
      return isForm ? findTextProblem(name) : null;
    case "query":
      return findTextProblem(name);
  }
}

function findPathProblem(
  member: string,
  name: string,
  places: readonly string[] | null,
  members: InputMembers,
): string | null {
  if (places !== null && !places.includes(name)) {
    const [near] = findNearest(name, places, 1);
    const accepted = places.length === 0 ? "it has none" : `it has ${places.map((place) => `{${place}}`).join(", ")}`;
    return `goes into {${name}} of url, and ${accepted}${near === undefined ? "" : `; did you mean {${near}}?`}`;
  }
  return members.required.has(member) ? null : "goes into the path and is not required; add it to input.required";
}

function findHeaderProblem(name: string): string | null {
  const problem = findHeaderNameProblem(name, "argument");
  return problem === null ? null : `goes into the header ${describeValue(name)}, which ${problem}`;
}

function findTypeProblem(
  member: string,
  { in: where, style }: HttpParameter,
  { members }: ParameterContext,
  isForm: boolean,
): string | null {
  const types = where === "body" && !isForm ? null : members.typesOf(member);
  if (types === null) return null;
  const takesLists = where === "query" || isForm;
  const into = isForm ? "a form" : `the ${where}`;
  const accepted = `expected text, a number or a boolean${takesLists ? ", or an array of them" : ""}`;
  if (!types.some((type) => isScalar(type) || (type === "array" && takesLists)))
    return `is ${types.join(" or ")}, which cannot stand in ${into}; ${accepted}`;
  if (!types.includes("array")) return style === undefined ? null : "has a style, and is no array; leave it out";
  const items = members.itemTypesOf(member);
  return items === null || items.some(isScalar)
    ? null
    : `is an array of ${items.join(" or ")}, which cannot stand in ${into}; expected items that are text, numbers or booleans`;
}

function isScalar(type: string): boolean {
  return type !== "object" && type !== "array" && type !== "null";
}

/** A place that no argument fills would go out as it is written. */
function refuseUnfilled(
  reader: FieldReader,
  parameters: ReadonlyMap<string, HttpParameter>,
  { places, members }: ParameterContext,
): void {
  for (const place of places ?? []) {
    const isFilled = [...parameters.values()].some((parameter) => parameter.in === "path" && parameter.name === place);
    if (isFilled) continue;
    const [near] = findNearest(place, members.names, 1);
    const hint = near === undefined ? "" : `; did you mean {${near}}?`;
    reader.report("url", `has the place {${place}}, and no member of input fills it${hint}`);
  }
}
