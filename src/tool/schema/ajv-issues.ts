// Ajv's errors to issues in our words. Ajv reports a failed union as the errors of all its branches and one of its own;
// a model is helped by those of the branch it meant, or by what the branches are.
import type { ErrorObject } from "ajv";
import type { Issue } from "../../call/issue.ts";
import { findBranch } from "./branches.ts";
import { describeSchema } from "./describe-schema.ts";
import { describeValue, quote } from "./describe-value.ts";
import { hintConstant, hintMissing, hintUnknown } from "./hints.ts";
import { capIssues, MAX_ISSUES } from "./issue-list.ts";
import { isSchema } from "./json-type.ts";
import { fromPointer } from "./pointer.ts";
import { resolveRef } from "./resolve-ref.ts";
import type { JsonSchema } from "./schema.ts";

type Path = (string | number)[];

const MESSAGES: ReadonlyMap<string, string> = new Map([
  ["type", "has the wrong type"],
  ["enum", "is not one of the accepted values"],
  ["const", "is not the accepted value"],
  ["minimum", "is out of range"],
  ["maximum", "is out of range"],
  ["exclusiveMinimum", "is out of range"],
  ["exclusiveMaximum", "is out of range"],
  ["multipleOf", "is not a multiple"],
  ["minLength", "is too short"],
  ["maxLength", "is too long"],
  ["pattern", "does not match the pattern"],
  ["format", "is not in the format"],
  ["minItems", "has too few items"],
  ["maxItems", "has too many items"],
  ["uniqueItems", "has an item twice"],
  ["contains", "lacks an item"],
  ["minProperties", "has too few properties"],
  ["maxProperties", "has too many properties"],
  ["not", "is of a form that is excluded"],
  ["anyOf", "fits none of the accepted forms"],
  ["oneOf", "does not fit exactly one of the accepted forms"],
  ["false schema", "is not accepted"],
]);

/** The issues behind `errors`, which Ajv found in `value` with `allErrors` and `verbose`; 50 of them and how many more. */
export function toIssues(errors: readonly ErrorObject[], value: unknown, root: JsonSchema): readonly Issue[] {
  const selected = selectErrors(errors, root);
  const issues: Issue[] = [];
  const seen = new Set<string>();
  let dropped = 0;
  for (const error of selected) {
    // Words are made for those that are shown.
    if (issues.length === MAX_ISSUES) break;
    const issue = toIssue(error, value, root);
    const key = `${issue.path.join("\0")}\0${issue.message}\0${issue.expected}`;
    if (seen.has(key)) dropped++;
    else issues.push(issue);
    seen.add(key);
  }
  return capIssues(issues, selected.length - dropped);
}

/** Without the errors that say nothing by themselves, and with one branch's, or none, for a union. */
function selectErrors(errors: readonly ErrorObject[], root: JsonSchema): readonly ErrorObject[] {
  const selected: ErrorObject[] = [];
  const reachable = new Map<unknown, ReadonlySet<JsonSchema>>();
  const reach = (schema: unknown): ReadonlySet<JsonSchema> => {
    const known = reachable.get(schema) ?? collectSchemas(schema, root);
    reachable.set(schema, known);
    return known;
  };
  for (const error of errors) {
    if (error.keyword === "if" || error.keyword === "propertyNames") continue;
    if (error.keyword === "anyOf" || error.keyword === "oneOf") {
      const inside = takeInside(selected, error, reach(error.schema));
      const branch = findBranch(error.schema as readonly unknown[], error.data, root);
      const kept = branch === null ? null : reach(branch);
      const ofBranch = inside.filter((one) => kept?.has(one.parentSchema as JsonSchema) === true);
      selected.push(...(ofBranch.length > 0 ? ofBranch : [error]));
    } else selected.push(error);
  }
  return selected;
}

/** Takes the errors of a union's branches from the end of `errors`: Ajv adds them just before the union's own. */
function takeInside(
  errors: ErrorObject[],
  union: ErrorObject,
  schemas: ReadonlySet<JsonSchema>,
): readonly ErrorObject[] {
  let from = errors.length;
  while (from > 0) {
    const { instancePath, parentSchema } = errors[from - 1] as ErrorObject;
    if (!instancePath.startsWith(union.instancePath) || !schemas.has(parentSchema as JsonSchema)) break;
    from--;
  }
  return errors.splice(from);
}

/** Every schema object reachable from `schema`, a schema or a list of them. */
function collectSchemas(schema: unknown, root: JsonSchema): ReadonlySet<JsonSchema> {
  const found = new Set<JsonSchema>();
  const pending: unknown[] = [schema];
  while (pending.length > 0) {
    const next = pending.pop();
    if (Array.isArray(next)) pending.push(...(next as unknown[]));
    if (!isSchema(next) || found.has(next)) continue;
    found.add(next);
    pending.push(...Object.values(next));
    if (typeof next["$ref"] === "string") pending.push(resolveRef(root, next["$ref"]));
  }
  return found;
}

function toIssue(error: ErrorObject, value: unknown, root: JsonSchema): Issue {
  const path = fromPointer(error.instancePath, value);
  const parameters = error.params as Readonly<Record<string, unknown>>;
  switch (error.keyword) {
    case "required":
    case "dependentRequired":
    case "dependencies":
      return missing(path, String(parameters["missingProperty"]), error, root);
    case "additionalProperties":
      return unknownProperty(path, String(parameters["additionalProperty"]), error);
    case "unevaluatedProperties":
      return unknownProperty(path, String(parameters["unevaluatedProperty"]), error);
    case "additionalItems":
    case "unevaluatedItems":
    case "items":
      return tooManyItems(path, parameters["limit"] ?? parameters["len"], error);
    default:
      return error.propertyName === undefined
        ? unfit(path, error, root)
        : badName(path, error.propertyName, error, root);
  }
}

function unfit(path: Path, error: ErrorObject, root: JsonSchema): Issue {
  return {
    path,
    message: MESSAGES.get(error.keyword) ?? "does not fit",
    expected: expectedOf(error, root),
    received: describeValue(error.data),
    hint: error.keyword === "enum" ? hintConstant(error.data, error.parentSchema, root) : null,
  };
}

function badName(path: Path, name: string, error: ErrorObject, root: JsonSchema): Issue {
  const expected = `a property name: ${describeSchema(error.parentSchema, root)}`;
  return {
    path: [...path, name],
    message: "has a name that is not accepted",
    expected,
    received: quote(name),
    hint: null,
  };
}

function tooManyItems(path: Path, limit: unknown, error: ErrorObject): Issue {
  const expected = `at most ${String(limit)} items`;
  return { path, message: "has too many items", expected, received: describeValue(error.data), hint: null };
}

function expectedOf({ keyword, parentSchema, schema }: ErrorObject, root: JsonSchema): string {
  if (keyword === "not") return `anything but ${describeSchema(schema, root)}`;
  if (keyword === "contains") return `an item that is ${describeSchema(schema, root)}`;
  if (keyword === "anyOf" || keyword === "oneOf") return describeSchema({ anyOf: schema }, root);
  if (keyword === "false schema") return "nothing";
  // `describeSchema` leaves out the pattern beside a format, and what stands beside a reference or a union.
  const described = describeSchema(parentSchema, root);
  return described === "any value" ? `${keyword} ${JSON.stringify(schema)}`.slice(0, 200) : described;
}

function missing(path: Path, name: string, error: ErrorObject, root: JsonSchema): Issue {
  const parent: unknown = error.parentSchema;
  const properties = isSchema(parent) && isSchema(parent["properties"]) ? parent["properties"] : {};
  const schema = Object.hasOwn(properties, name) ? properties[name] : undefined;
  return {
    path: [...path, name],
    message: "is missing",
    expected: describeSchema(schema ?? true, root),
    received: "nothing",
    hint: hintMissing(name, schema, error.data, parent, root),
  };
}

function unknownProperty(path: Path, name: string, error: ErrorObject): Issue {
  const member = isSchema(error.data) && Object.hasOwn(error.data, name) ? error.data[name] : undefined;
  return {
    path: [...path, name],
    message: "is not a known property",
    expected: "no property of this name",
    received: describeValue(member),
    hint: hintUnknown(name, error.parentSchema),
  };
}
