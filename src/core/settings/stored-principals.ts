// What the program or an operator says of principals. It takes the place of what a caller brings, field by field: a token may be older.
// A disabled one is nobody.
import { createPrincipal, type Principal } from "../../call/principal.ts";
import { ToolyardError } from "../../errors/toolyard-error.ts";
import { deepFreeze } from "../../kernel/freeze.ts";
import { isObject, type JsonValue } from "../../kernel/json.ts";
import { toKind, toUnknownKeys } from "../options.ts";

/** The body of a setting of the kind `principal`. */
export interface StoredPrincipal {
  /** In place of the roles that the caller brings. @default those */
  readonly roles?: readonly string[];
  /** In place of its scopes. @default those */
  readonly scopes?: readonly string[];
  /** Over its attributes of the same names. @default none */
  readonly attributes?: Readonly<Record<string, JsonValue>>;
  /** Whether every call of it is refused with UNAUTHENTICATED. @default false */
  readonly disabled?: boolean;
}

export interface StoredPrincipals {
  /** The principal as it is known here. */
  complete(principal: Principal): Principal;
  isDisabled(principal: Principal): boolean;
  /** null: nothing is known of it any more. */
  put(tenant: string, id: string, stored: StoredPrincipal | null): void;
}

const KEYS: readonly (keyof StoredPrincipal)[] = ["roles", "scopes", "attributes", "disabled"];

/** Creates a table in which nobody is known. */
export function createStoredPrincipals(): StoredPrincipals {
  const known = new Map<string, StoredPrincipal>();
  let completed = new WeakMap<Principal, Principal>();
  // A call of somebody of whom nothing is known costs one look, and none where nothing is known of anybody.
  const find = ({ tenant, id }: Principal): StoredPrincipal | undefined =>
    known.size === 0 ? undefined : known.get(`${tenant}\0${id}`);
  return {
    put(tenant, id, stored) {
      if (stored === null) known.delete(`${tenant}\0${id}`);
      else known.set(`${tenant}\0${id}`, deepFreeze(structuredClone(stored)));
      completed = new WeakMap();
    },
    isDisabled: (principal) => find(principal)?.disabled === true,
    complete(principal) {
      const stored = find(principal);
      if (stored === undefined) return principal;
      let whole = completed.get(principal);
      if (whole === undefined) completed.set(principal, (whole = merge(principal, stored)));
      return whole;
    },
  };
}

function merge({ id, tenant, roles, scopes, attributes, ip }: Principal, stored: StoredPrincipal): Principal {
  return createPrincipal({
    id,
    tenant,
    ip,
    roles: stored.roles ?? roles,
    scopes: stored.scopes ?? scopes,
    attributes: { ...attributes, ...stored.attributes },
  });
}

/** `body` when it can be one. Throws INVALID_OPTION, or UNKNOWN_ROLE when it names a role that there is not. */
export function parseStoredPrincipal(
  { tenant, id }: { readonly tenant: string; readonly id: string },
  body: unknown,
  roles: ReadonlySet<string>,
): StoredPrincipal {
  if (!isObject(body)) throw refuse(`received ${toKind(body)}, expected an object such as { roles: ["USER"] }`);
  const [unknown] = toUnknownKeys(body, KEYS);
  if (unknown !== undefined) throw refuse(`${unknown.path} ${unknown.message}`);
  const stored = body as StoredPrincipal;
  const { disabled, attributes } = stored;
  if (disabled !== undefined && typeof disabled !== "boolean")
    throw refuse(`disabled: received ${toKind(disabled)}, expected true or false`);
  if (attributes !== undefined && !isObject(attributes))
    throw refuse(`attributes: received ${toKind(attributes)}, expected an object`);
  try {
    createPrincipal({ ...stored, id, tenant });
  } catch (error) {
    throw refuse(error instanceof Error ? error.message : String(error));
  }
  const missing = stored.roles?.find((role) => !roles.has(role));
  if (missing === undefined) return stored;
  const message = `settings: principal ${id}: there is no role ${JSON.stringify(missing)}; there is ${[...roles].join(", ")}`;
  throw new ToolyardError("UNKNOWN_ROLE", message);
}

function refuse(problem: string): ToolyardError {
  return new ToolyardError("INVALID_OPTION", `settings: principal: ${problem}`);
}
