// Who does what, why, and from which state of it: the options of the registry's acts, out of a request.
import type { Caller, RouteRequest } from "../http/index.ts";
import { toRefusal, type Refusal } from "../http/index.ts";
import { type ActOptions, readIfMatch } from "../../index.ts";

type Request = Pick<
  RouteRequest<unknown, { readonly reason?: string | undefined }, unknown>,
  "caller" | "query" | "headers"
>;

/** The options of an act; a refusal for an `If-Match` that names no revision. */
export function toActOptions({ caller, query, headers }: Request): ActOptions | Refusal {
  const revision = readIfMatch(headers["if-match"]);
  if (revision === null)
    return toRefusal("INVALID_REQUEST", 'If-Match: expected a revision as the ETag has it, such as "3", or *');
  return {
    ...(caller !== null && { principal: caller.principal }),
    ...(query.reason !== undefined && { reason: query.reason }),
    ...(revision !== undefined && { expectedRevision: revision }),
  };
}

/** Whose act it is, for those that are made from no state. */
export function toOrigin({ caller, query }: Omit<Request, "headers">): Pick<ActOptions, "principal" | "reason"> {
  return {
    ...(caller !== null && { principal: caller.principal }),
    ...(query.reason !== undefined && { reason: query.reason }),
  };
}

export function isRefusal(value: ActOptions | Refusal): value is Refusal {
  return "details" in value;
}

/** Whether what belongs to `tenant` is the caller's business; to all others it is not there. */
export function isOwnTenant(caller: Caller | null, tenant: string): boolean {
  return caller !== null && (caller.isOperator || caller.principal.tenant === tenant);
}

/** Who made it, as the trail of keys has it. */
export function toBy(caller: Caller | null): string | null {
  return caller === null ? null : `${caller.principal.tenant}/${caller.principal.id}`;
}

export const HIDDEN: Refusal = toRefusal("NOT_FOUND", "There is nothing here for this caller.");

/** Without the members that are undefined: what was not given is left to the defaults. */
export function toDefined<T extends object>(given: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const entries = Object.entries(given).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]: Exclude<T[K], undefined> };
}

/** What is listed at once. */
const PAGE = 1_000;

interface PageFilter {
  readonly tenant?: string;
  readonly after?: string;
  readonly limit: number;
}

/** The one of this id among those that are the caller's business: its tenant's, or anybody's for an operator. */
export async function findOwn<T extends { readonly id: string }>(
  caller: Caller | null,
  id: string,
  list: (filter: PageFilter) => Promise<readonly T[]>,
): Promise<T | undefined> {
  if (caller === null) return undefined;
  const tenant = caller.isOperator ? undefined : caller.principal.tenant;
  let after: string | undefined;
  for (;;) {
    const page = await list(toDefined({ tenant, after, limit: PAGE }));
    const found = page.find((one) => one.id === id);
    if (found !== undefined || page.length < PAGE) return found;
    after = page.at(-1)?.id;
  }
}
