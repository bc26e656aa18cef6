// Who the person at the terminal calls as. Whoever can run the command line can read the tools' code, so any role may be
// taken on: this is for trying out what a role may do, not a way around a server's authentication.
import { Option } from "commander";
import { findNearest } from "../kernel/nearest.ts";
import { Role, type PrincipalInput } from "../index.ts";
import { CliError } from "./cli-error.ts";
import type { VerbOptions } from "./verb.ts";

/** `--as`, `--id` and `--tenant`. */
export function createCallerOptions(): readonly Option[] {
  return [
    new Option("--as <role>", "call as a principal with this role; without it, the configuration's default role"),
    new Option("--id <principal>", "call as this principal").default("cli"),
    new Option("--tenant <tenant>", "call for this tenant").default("default"),
  ];
}

/** The role meant by `text`, whatever its case. Throws a CliError that names the nearest one. */
export function parseRole(text: string, own: Iterable<string>): string {
  const roles = [...new Set([...Object.values(Role), ...own])];
  const found = roles.find((role) => role === text) ?? roles.find((role) => role.toLowerCase() === text.toLowerCase());
  if (found !== undefined) return found;
  const near = findNearest(text, roles, 1)[0];
  const hint = near === undefined ? "" : `; did you mean ${near}?`;
  throw new CliError(`there is no role ${JSON.stringify(text)}; accepted: ${roles.join(", ")}${hint}`);
}

/** The principal that the options of `createCallerOptions` describe. */
export function toCaller(options: VerbOptions, ownRoles: Iterable<string>): PrincipalInput {
  const role = options["as"] as string | undefined;
  const caller = { id: options["id"] as string, tenant: options["tenant"] as string };
  return role === undefined ? caller : { ...caller, roles: [parseRole(role, ownRoles)] };
}
