// A real server over a state of its own, with tools to call and one credential of every kind.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type AnyTool, defineTool, Role, ToolError } from "../../src/index.ts";
import type { ToolyardConfig } from "../../src/server/config/index.ts";
import { type RunningServer, startServer } from "../../src/server/index.ts";
import { systemClock } from "../../src/kernel/clock.ts";

export type Who = "none" | "bad" | "expired" | "revoked" | "guest" | "user" | "foreign" | "operator";

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- Tests look into answers of every shape.
  readonly json: any;
}

export interface Ask {
  readonly who?: Who;
  readonly body?: unknown;
  /** Sent as it is. */
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

export interface World extends AsyncDisposable {
  readonly server: RunningServer;
  readonly url: string;
  readonly dir: string;
  /** Handlers that were entered, by name. */
  readonly entered: Map<string, number>;
  readonly log: string[];
  /** Signals of calls of `test.wait` that were aborted. */
  aborted(): number;
  headersOf(who: Who): Readonly<Record<string, string>>;
  ask(method: string, path: string, ask?: Ask): Promise<Answer>;
}

export interface WorldOptions {
  readonly config?: ToolyardConfig<never>;
  readonly dir?: string;
  readonly tools?: readonly AnyTool[];
}

export async function openWorld(options: WorldOptions = {}): Promise<World> {
  const dir = options.dir ?? (await mkdtemp(join(tmpdir(), "toolyard-server-")));
  const entered = new Map<string, number>();
  const log: string[] = [];
  const aborts = { count: 0 };
  const tools = [...makeTools(entered, aborts), ...(options.tools ?? [])];
  const note = (event: string, message: string): void => {
    log.push(`${event}: ${message}`);
  };
  const config = {
    defaultQuota: { capacity: 100_000, windowMs: 3_600_000 },
    tools,
    ...options.config,
    server: { port: 0, ipLimit: false, drain: { lameDuckMs: 0, graceMs: 500 }, ...options.config?.server },
  } as unknown as ToolyardConfig<never>;
  const server = await startServer({
    resolved: { config, file: null, origins: new Map() },
    place: { dir, postgres: null, masterKey: null, pepper: null },
    ...{ env: {}, clock: systemClock, version: "0.0.0" },
    log: { info: note, warn: note, error: note },
  });
  const operator = server.bootstrapKey?.reveal() ?? "";
  const keys = await makeKeys(server.url, server.adminUrl ?? server.url, operator);
  const headersOf = (who: Who): Readonly<Record<string, string>> => {
    const key = keys.get(who);
    return key === undefined ? {} : { authorization: `Bearer ${key}` };
  };
  return {
    ...{ server, url: server.url, dir, entered, log, headersOf },
    aborted: () => aborts.count,
    ask: (method, path, ask = {}) =>
      send(server.url, method, path, { ...ask, headers: { ...headersOf(ask.who ?? "none"), ...ask.headers } }),
    async [Symbol.asyncDispose]() {
      await server.stop();
      if (options.dir === undefined) await rm(dir, { recursive: true, force: true });
    },
  };
}

export async function send(
  url: string,
  method: string,
  path: string,
  { body, text, headers, signal }: Ask,
): Promise<Answer> {
  const content = text ?? (body === undefined ? undefined : JSON.stringify(body));
  const response = await fetch(`${url}${path}`, {
    method,
    redirect: "manual",
    headers: { ...(content !== undefined && { "content-type": "application/json" }), ...headers },
    ...(content !== undefined && { body: content }),
    ...(signal !== undefined && { signal }),
  });
  const answer = await response.text();
  const isJson = (response.headers.get("content-type") ?? "").includes("json");
  return {
    status: response.status,
    headers: response.headers,
    text: answer,
    json: isJson ? JSON.parse(answer) : undefined,
  };
}

async function makeKeys(_url: string, adminUrl: string, operator: string): Promise<ReadonlyMap<Who, string>> {
  const headers = { authorization: `Bearer ${operator}` };
  const make = async (body: object): Promise<{ key: string; id: string }> => {
    const { status, json, text } = await send(adminUrl, "POST", "/v1/keys", { headers, body });
    if (status !== 201) throw new Error(`no key: ${text}`);
    return { key: json.key, id: json.description.id };
  };
  const expired = await make({ principal: "late", roles: ["ADMIN"], lifetimeMs: 1_000 });
  const revoked = await make({ principal: "gone", roles: ["ADMIN"] });
  await send(adminUrl, "DELETE", `/v1/keys/${revoked.id}`, { headers });
  const keys = new Map<Who, string>([
    ["bad", `${operator.slice(0, -4)}AAAA`],
    ["expired", expired.key],
    ["revoked", revoked.key],
    ["guest", (await make({ principal: "gus", roles: ["GUEST"] })).key],
    ["user", (await make({ principal: "uma", roles: ["USER"] })).key],
    ["foreign", (await make({ principal: "fay", tenant: "acme", roles: ["ADMIN"] })).key],
    ["operator", operator],
  ]);
  // The shortest life a key can have; nothing else tells when it is over.
  for (;;) {
    const { status } = await send(adminUrl, "GET", "/v1/me", { headers: { authorization: `Bearer ${expired.key}` } });
    if (status === 401) return keys;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function makeTools(entered: Map<string, number>, aborts: { count: number }): readonly AnyTool[] {
  const enter = (name: string): void => {
    entered.set(name, (entered.get(name) ?? 0) + 1);
  };
  const access = { roles: [Role.USER] };
  const base = { version: "1.0.0", category: "test", access } as const;
  return [
    defineTool({
      ...{ ...base, name: "test.echo", description: "Gives back what it gets.", effect: "read", exactNumbers: "text" },
      input: { type: "object" },
      handler(input) {
        enter("test.echo");
        return input;
      },
    }),
    defineTool({
      ...{ ...base, name: "test.add", description: "Adds one.", effect: "write" },
      input: { type: "object", properties: { by: { type: "integer" } }, required: ["by"], additionalProperties: false },
      handler(input) {
        enter("test.add");
        return { total: (entered.get("test.add") ?? 0) * (input as { by: number }).by };
      },
    }),
    defineTool({
      ...{ ...base, name: "test.refuse", description: "Refuses.", effect: "read" },
      input: { type: "object" },
      handler() {
        throw new ToolError("NOT_TODAY", "Come back tomorrow.");
      },
    }),
    defineTool({
      ...{ ...base, name: "test.crash", description: "Crashes.", effect: "read", retry: false },
      input: { type: "object" },
      handler() {
        throw new Error("secret-of-the-inside");
      },
    }),
    defineTool({
      ...{ ...base, name: "test.steps", description: "Tells how far it is.", effect: "read" },
      input: { type: "object" },
      async *handler() {
        yield { type: "progress", fraction: 0.5, message: "half\nway" };
        yield { type: "partial", value: { a: 1 } };
        return { done: true };
      },
    }),
    defineTool({
      ...{
        ...base,
        name: "test.wait",
        description: "Waits until it is aborted.",
        effect: "read",
        timeoutMs: 60_000,
        retry: false,
      },
      input: { type: "object", properties: { ms: { type: "integer" } } },
      async handler(input, { signal }) {
        enter("test.wait");
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, (input as { ms?: number }).ms ?? 30_000);
          signal.addEventListener("abort", () => {
            aborts.count++;
            clearTimeout(timer);
            resolve();
          });
        });
        return { waited: true };
      },
    }),
    defineTool({
      ...{ ...base, name: "test.admin", description: "For admins.", effect: "read", access: { roles: [Role.ADMIN] } },
      input: { type: "object" },
      handler: () => ({ secret: true }),
    }),
  ] as readonly AnyTool[];
}
