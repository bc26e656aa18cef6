// Who may use the tool: roles and principals let in, tenants and scopes keep out. Roles are compared by their names, since
// what a role inherits is the registry's to say.
import type { Access } from "../access.ts";
import { type ContractChange, toChange } from "./contract-change.ts";

const NONE: readonly string[] = [];

/** The changes between two accesses, which differ. */
export function compareAccess(before: Access | null, after: Access | null, path: string): readonly ContractChange[] {
  const changes = [
    ...compareEntries(before?.roles, after?.roles, `${path}/roles`, LETS_IN),
    ...compareEntries(before?.principals, after?.principals, `${path}/principals`, LETS_IN),
    ...compareTenants(before?.tenants, after?.tenants, `${path}/tenants`),
    ...compareEntries(before?.scopes, after?.scopes, `${path}/scopes`, KEEPS_OUT),
  ];
  if (changes.length > 0) return changes;
  return [toChange("cosmetic", path, "is written differently and lets in the same callers", { before, after })];
}

interface Direction {
  readonly added: readonly ["breaking" | "widening", string];
  readonly removed: readonly ["breaking" | "widening", string];
}

const LETS_IN: Direction = {
  added: ["widening", "may use the tool now"],
  removed: ["breaking", "is no longer let in by the definition"],
};
const KEEPS_OUT: Direction = {
  added: ["breaking", "is needed now"],
  removed: ["widening", "is no longer needed"],
};

function compareEntries(
  before: readonly string[] = NONE,
  after: readonly string[] = NONE,
  path: string,
  { added, removed }: Direction,
): readonly ContractChange[] {
  const gone = before.filter((entry) => !after.includes(entry));
  const come = after.filter((entry) => !before.includes(entry));
  return [
    ...(gone.length === 0 ? [] : [toChange(removed[0], path, `${toList(gone)} ${removed[1]}`, { before, after })]),
    ...(come.length === 0 ? [] : [toChange(added[0], path, `${toList(come)} ${added[1]}`, { before, after })]),
  ];
}

/** Left out, tenants keep nobody out. */
function compareTenants(
  before: readonly string[] | undefined,
  after: readonly string[] | undefined,
  path: string,
): readonly ContractChange[] {
  if (before === undefined && after === undefined) return [];
  if (after === undefined) return [toChange("widening", path, "every tenant may use the tool now", { before })];
  if (before === undefined)
    return [toChange("breaking", path, `only ${toList(after)} may use the tool now`, { after })];
  return compareEntries(before, after, path, LETS_IN);
}

function toList(entries: readonly string[]): string {
  const shown = entries.slice(0, 4).map((entry) => JSON.stringify(entry));
  return entries.length > 4 ? `${shown.join(", ")} and ${entries.length - 4} more` : shown.join(", ");
}
