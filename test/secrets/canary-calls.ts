// Calls whose arguments are secrets: that succeed, fail, throw and are refused.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createRegistry, defineTool, openRegistry, type Outcome, type Registry, ToolError } from "../../src/index.ts";
import type { PrincipalInput } from "../../src/call/principal.ts";
import { openFileAuditSink } from "../../src/stores/file/index.ts";
import type { Stores } from "../../src/ports/stores.ts";
import { createWordCanary } from "./canary-forms.ts";

/** Arguments of calls that are secrets by their names, or by the form of a credential. */
export const ARGUMENTS = {
  password: createWordCanary("argument password"),
  apiKey: createWordCanary("argument apiKey"),
  token: createWordCanary("argument account.accessToken"),
  bearer: createWordCanary("bearer in a text"),
  url: createWordCanary("password in a URL"),
} as const;

export function toArguments(): object {
  const { password, apiKey, token, bearer, url } = ARGUMENTS;
  return {
    user: "alice",
    password: password.text,
    apiKey: apiKey.text,
    account: { accessToken: token.text },
    note: `Authorization: Bearer ${bearer.text}1 and postgres://app:${url.text}@db/x`,
  };
}

/** What takes what comes out, and where files go. */
export interface Outlet {
  put(place: string, content: unknown): void;
  /** For a trail that is looked through. */
  readonly root: string;
  /** For one that keeps arguments as they are. */
  readonly outside: string;
}

/**
 * Calls over the stores, over a file, and over a file that keeps arguments as they are, whose content it resolves to. `used` is what the
 * tools know.
 */
export async function callTools(
  outlet: Outlet,
  stores: Stores,
  principal: PrincipalInput,
  used: string,
): Promise<Buffer> {
  const tools = createTools(used);
  // Closed with the stores, which others use until then.
  const kept = await openRegistry({ tools, stores: { ...stores, close: () => Promise.resolve() } });
  const filed = createRegistry({
    tools,
    audit: await openFileAuditSink({ path: join(outlet.root, "redacted.jsonl") }),
  });
  for (const registry of [kept, filed]) {
    const outcomes = await callAll(registry, principal);
    outlet.put("outcomes", outcomes);
    outlet.put("outcomes as JSON", JSON.stringify(outcomes));
    outlet.put("usage, health and list", [registry.usage(), registry.health(), registry.metering, registry.list()]);
    await registry.close();
  }
  const path = join(outlet.outside, "full.jsonl");
  const whole = createRegistry({ tools, audit: { sink: await openFileAuditSink({ path }), arguments: "full" } });
  await callAll(whole, principal);
  await whole.close();
  return readFileSync(path);
}

async function callAll(registry: Registry, principal: PrincipalInput): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const [ref, input] of CALLS)
    outcomes.push(await registry.execute(ref, input, { principal, idempotencyKey: `k-${ref}` }));
  return [...outcomes, await registry.execute("crm.login", toArguments())];
}

const CALLS: readonly (readonly [string, unknown])[] = [
  ["crm.login@1.0.0", toArguments()],
  ["crm.throws", toArguments()],
  ["crm.refuses", toArguments()],
  ["crm.admin", toArguments()],
  ["crm.strict", toArguments()],
  ["crm.none", toArguments()],
  ["crm.login", JSON.stringify(toArguments())],
];

function createTools(used: string) {
  const input = { type: "object", additionalProperties: true } as const;
  const base = {
    version: "1.0.0",
    description: "Logs in.",
    effect: "write",
    access: { roles: ["USER"] },
    input,
  } as const;
  const strict = {
    type: "object",
    properties: {
      password: { type: "string", maxLength: 3 },
      apiKey: { type: "integer" },
      account: { type: "string" },
      user: { type: "string" },
      // Issues quote what came under a name that is not secret, to whom it came from.
      note: { type: "string" },
    },
    additionalProperties: false,
  } as const;
  return [
    defineTool({ ...base, name: "crm.login", handler: () => ({ ok: used.length > 0 }) }),
    defineTool({
      ...base,
      name: "crm.throws",
      handler() {
        throw Object.assign(new Error(`cannot log in with ${used} and ${JSON.stringify(toArguments())}`), { used });
      },
    }),
    defineTool({
      ...base,
      name: "crm.refuses",
      handler() {
        throw new ToolError("LOCKED", "The account is locked.", { effect: "none" });
      },
    }),
    defineTool({ ...base, name: "crm.admin", access: { roles: ["ADMIN"] }, handler: () => null }),
    defineTool({ ...base, name: "crm.strict", input: strict, handler: () => null }),
  ];
}
