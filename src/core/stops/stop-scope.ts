// What a stop covers, and how it is called among the settings.
import { createPrincipal } from "../../call/principal.ts";
import { ToolyardError } from "../../errors/toolyard-error.ts";
import { isObject } from "../../kernel/json.ts";
import { findNearest } from "../../kernel/nearest.ts";
import { TOOL_NAME } from "../../tool/tool-ref.ts";
import { toKind } from "../options.ts";

/** Every call, the calls of one tool in all its versions, or those of one tenant. */
export type StopScope =
  | { readonly kind: "all" }
  | { readonly kind: "tool"; readonly name: string }
  | { readonly kind: "tenant"; readonly tenant: string };

const KINDS = ["all", "tool", "tenant"];
const FIELDS: ReadonlyMap<unknown, readonly string[]> = new Map([
  ["all", ["kind"]],
  ["tool", ["kind", "name"]],
  ["tenant", ["kind", "tenant"]],
]);

/** The id of the setting. Throws INVALID_OPTION for what is no scope: a slip must not stop something else. */
export function toStopId(what: string, scope: StopScope): string {
  const fields = isObject(scope) ? FIELDS.get(scope.kind) : undefined;
  if (fields === undefined) throw refuse(what, toScopeProblem(scope));
  const unknown = Object.keys(scope).find((key) => !fields.includes(key));
  if (unknown !== undefined)
    throw refuse(what, `${unknown} is no field of { kind: "${scope.kind}" }; expected ${fields.join(" and ")}`);
  const id = toId(scope);
  // What is no text would become one, and stop something else.
  const isText = fields.every((field) => typeof (scope as Readonly<Record<string, unknown>>)[field] === "string");
  if (!isText || fromStopId(id) === null) throw refuse(what, toValueProblem(scope));
  return id;
}

function toId(scope: StopScope): string {
  switch (scope.kind) {
    case "all":
      return "all";
    case "tool":
      return `tool\0${scope.name}`;
    case "tenant":
      return `tenant\0${scope.tenant}`;
  }
}

/** What the setting of this id covers; null: it is the id of none. */
export function fromStopId(id: string): StopScope | null {
  const [kind, value, ...more] = id.split("\0");
  if (more.length > 0) return null;
  if (kind === "all") return value === undefined ? { kind } : null;
  if (value === undefined) return null;
  if (kind === "tool") return TOOL_NAME.test(value) ? { kind, name: value } : null;
  return kind === "tenant" && isTenant(value) ? { kind, tenant: value } : null;
}

function isTenant(tenant: string): boolean {
  try {
    return createPrincipal({ id: "anybody", tenant }).tenant === tenant;
  } catch {
    return false;
  }
}

function toScopeProblem(scope: unknown): string {
  const kind = isObject(scope) ? scope["kind"] : undefined;
  const near = typeof kind === "string" ? findNearest(kind, KINDS, 1)[0] : undefined;
  const hint = near === undefined ? "" : `; did you mean ${near}?`;
  const received = isObject(scope) ? `kind ${toKind(kind)}` : toKind(scope);
  return `received ${received}, expected { kind: "all" }, { kind: "tool", name } or { kind: "tenant", tenant }${hint}`;
}

function toValueProblem(scope: StopScope): string {
  if (scope.kind !== "tool")
    return `received the tenant ${toKind(scope.kind === "all" ? null : scope.tenant)}, which can be none`;
  const isRef = typeof scope.name === "string" && scope.name.includes("@");
  const hint = isRef ? "; a tool is stopped in all its versions: retire the version, or leave it out" : "";
  return `received the name ${toKind(scope.name)}, expected the name of a tool such as "orders.get"${hint}`;
}

function refuse(what: string, problem: string): ToolyardError {
  return new ToolyardError("INVALID_OPTION", `${what}: ${problem}`);
}
