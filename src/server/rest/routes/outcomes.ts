// Calls whose effect nobody knows of, for those who can find out.
import { z } from "zod";
import type { UnknownOutcome } from "../../../index.ts";
import { toRefusal } from "../../http/index.ts";
import { findOwn, HIDDEN, isOwnTenant, toDefined, toOrigin } from "../act.ts";
import { route, type RestParts, type RestRoute } from "../parts.ts";
import { actQuery, json, limitOf, listOf, ok, tenantId, toolName } from "../schemas.ts";
import type { Caller } from "../../http/index.ts";

const ID = z.strictObject({ id: z.string().min(1).max(200) });

const listOutcomes = route({
  id: "listOutcomes",
  method: "GET",
  path: "/v1/outcomes",
  access: "admin",
  tag: "outcomes",
  summary: "Calls whose effect is not known, oldest first; those of the caller's tenant, of any for an operator.",
  query: z.strictObject({
    tool: toolName.optional(),
    tenant: tenantId.optional(),
    after: z.string().max(200).optional(),
    limit: limitOf(1_000, 100),
  }),
  answer: listOf("outcomes", ok),
  async handle({ caller, query }, { registry }) {
    if (caller === null) return { refusal: HIDDEN };
    const tenant = caller.isOperator ? query.tenant : caller.principal.tenant;
    if (query.tenant !== undefined && !isOwnTenant(caller, query.tenant)) return { body: { outcomes: [], next: null } };
    const outcomes = await registry.outcomes.list(toDefined({ ...query, tenant }));
    return { body: { outcomes, next: outcomes.length === query.limit ? (outcomes.at(-1)?.id ?? null) : null } };
  },
});

/** What is another tenant's is not there. */
async function find({ registry }: RestParts, caller: Caller | null, id: string): Promise<UnknownOutcome | undefined> {
  return findOwn(caller, id, (filter) => registry.outcomes.list(filter));
}

const MISSING = toRefusal("UNKNOWN_OUTCOME", "There is no unknown outcome of this id.");

const resolveOutcome = route({
  id: "resolveOutcome",
  method: "POST",
  path: "/v1/outcomes/{id}",
  access: "admin",
  tag: "outcomes",
  summary: "Says what became of a call: its key then answers with the output, or is free again.",
  params: ID,
  query: actQuery,
  body: z.discriminatedUnion("effect", [
    z.strictObject({ effect: z.literal("applied"), output: json.optional() }),
    z.strictObject({ effect: z.literal("none") }),
  ]),
  errors: ["UNKNOWN_OUTCOME", "STORE_FAILED", "AUDIT_FAILED"],
  async handle(request, parts) {
    const { params, caller, body } = request;
    if ((await find(parts, caller, params.id)) === undefined) return { refusal: MISSING };
    await parts.registry.outcomes.resolve(params.id, body, toOrigin(request));
    return {};
  },
});

const checkOutcome = route({
  id: "checkOutcome",
  method: "POST",
  path: "/v1/outcomes/{id}/check",
  access: "admin",
  tag: "outcomes",
  summary: "Asks the tool what became of a call, where it has a status check.",
  params: ID,
  answer: z.looseObject({ known: z.number() }),
  errors: ["UNKNOWN_OUTCOME"],
  async handle({ params, caller }, parts) {
    if ((await find(parts, caller, params.id)) === undefined) return { refusal: MISSING };
    return { body: { known: await parts.registry.outcomes.check(params.id) } };
  },
});

export const OUTCOME_ROUTES: readonly RestRoute[] = [listOutcomes, resolveOutcome, checkOutcome];
