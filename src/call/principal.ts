// Who calls. Always made by the host from its own session or token, never from the arguments of a call.
import { deepFreeze } from "../kernel/freeze.ts";
import type { JsonValue } from "../kernel/json.ts";

export interface PrincipalInput {
  /** Who: 1 to 256 printable characters. */
  readonly id: string;
  /** @default "default" */
  readonly tenant?: string;
  /** At most 32. @default the registry's default role */
  readonly roles?: readonly string[];
  /** At most 256. @default none */
  readonly scopes?: readonly string[];
  /** For conditions and authorizers. JSON data. */
  readonly attributes?: Readonly<Record<string, JsonValue>>;
  /** Remote address, for limits per ip. */
  readonly ip?: string | null;
}

/** A checked, frozen principal; every key of every store begins with its tenant. */
export interface Principal extends PrincipalInput {
  readonly tenant: string;
  readonly roles: readonly string[];
  readonly scopes: readonly string[];
  readonly attributes: Readonly<Record<string, JsonValue>>;
  readonly ip: string | null;
}

export const DEFAULT_TENANT = "default";

const checked = new WeakSet<object>();
// Control characters, and the separator of store keys among them: a tenant "a\0b" would read another tenant's keys. Lone
// surrogates: two different ones become the same bytes in UTF-8.
const TEXT = /^[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]{1,256}$/u;
const NO_SCOPES: readonly string[] = Object.freeze([]);
const NO_ATTRIBUTES: Readonly<Record<string, JsonValue>> = Object.freeze({});

/**
 * The checked form of `input`; an already checked one is returned as it is.
 * Throws a TypeError that says what was received and what is accepted.
 */
export function createPrincipal(input: PrincipalInput, defaultRoles: readonly string[] = ["USER"]): Principal {
  if (checked.has(input)) return input as Principal;
  if (typeof input !== "object" || input === null) {
    throw new TypeError(`principal: received ${input === null ? "null" : typeof input}, expected an object with an id`);
  }
  const principal: Principal = Object.freeze({
    id: text("id", input.id),
    tenant: input.tenant === undefined ? DEFAULT_TENANT : text("tenant", input.tenant),
    roles: input.roles === undefined ? defaultRoles : texts("roles", input.roles, 32),
    scopes: input.scopes === undefined ? NO_SCOPES : texts("scopes", input.scopes, 256),
    attributes: input.attributes === undefined ? NO_ATTRIBUTES : deepFreeze(structuredClone(input.attributes)),
    ip: input.ip === undefined || input.ip === null ? null : text("ip", input.ip),
  });
  checked.add(principal);
  return principal;
}

function text(field: string, value: unknown): string {
  if (typeof value !== "string" || !TEXT.test(value)) {
    const received = typeof value === "string" ? JSON.stringify(value.slice(0, 40)) : typeof value;
    throw new TypeError(
      `principal.${field}: received ${received}, expected 1 to 256 characters without control characters`,
    );
  }
  return value;
}

function texts(field: string, value: unknown, max: number): readonly string[] {
  if (!Array.isArray(value) || value.length > max) {
    const received = Array.isArray(value) ? `${value.length} entries` : typeof value;
    throw new TypeError(`principal.${field}: received ${received}, expected an array of at most ${max} strings`);
  }
  return Object.freeze(value.map((entry, index) => text(`${field}[${index}]`, entry)));
}
