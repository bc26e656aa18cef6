// Who is asked about what, and that what is executed is what was approved.
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type CallOptions, createMemoryAuditSink, createRegistry, defineTool, type Registry, Role } from "../index.ts";
import { type AgentRegistry, createAgent } from "./agent.ts";
import type { ApprovalDecision, ApprovalRequest, Approve } from "./approval.ts";
import type { Model, ModelEvent, ModelTurn } from "./model.ts";

const access = { roles: [Role.USER] } as const;
const ada = { id: "ada", roles: ["USER"], attributes: { team: ["a"] } };
const input = { type: "object", properties: { n: { type: "number" } }, required: ["n"] } as const;
const common = { version: "1.0.0", description: "x", access, input } as const;

function open() {
  const done: unknown[] = [];
  const audit = createMemoryAuditSink();
  const pay = defineTool({ ...common, name: "pay", effect: "write", handler: (given) => void done.push(given) });
  const secret = defineTool({
    ...common,
    name: "secret",
    effect: "read",
    access: { roles: ["ADMIN"] },
    handler: () => 1,
  });
  const costly = defineTool({
    ...common,
    name: "costly",
    effect: "write",
    cost: 1e9,
    handler: () => void done.push("!"),
  });
  return { done, audit, registry: createRegistry({ tools: [pay, secret, costly], audit }) };
}

/** A model that makes these calls and then says that it is done. */
function createCaller(...calls: readonly ModelEvent[]): Model & { readonly turns: ModelTurn[] } {
  const turns: ModelTurn[] = [];
  return {
    name: "caller",
    turns,
    async *respond(turn) {
      turns.push(turn);
      if (turns.length === 1) yield* calls;
      else yield { type: "text", text: "done" };
    },
  };
}

const call = (id: string, tool: string, given: unknown): ModelEvent => ({ type: "call", id, tool, input: given });
const codes = (calls: readonly { readonly outcome: { ok: boolean; error?: { code: string } } }[]) =>
  calls.map(({ outcome }) => (outcome.ok ? "ok" : outcome.error?.code));

let warn: ReturnType<typeof vi.spyOn>;
beforeEach(() => {
  warn = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
});
afterEach(() => {
  vi.restoreAllMocks();
});

describe("approve", () => {
  test("is asked about every call that would be made, with what will be executed", async () => {
    const { done, registry } = open();
    const asked: ApprovalRequest[] = [];
    const approve: Approve = (request) => {
      asked.push(request);
      return true;
    };
    const model = createCaller(call("1", "pay", { n: 1 }), call("2", "pay", '{"n":2}'));
    await createAgent({ registry, model, approve }).chat("go", { principal: ada });
    expect(asked.map(({ id, input: shown }) => [id, shown])).toEqual([
      ["1", { n: 1 }],
      ["2", { n: 2 }],
    ]);
    expect(asked[0]).toMatchObject({ tool: { name: "pay", version: "1.0.0", effect: "write" }, principal: ada });
    expect(asked[0]?.signal).toBeInstanceOf(AbortSignal);
    expect(done).toEqual([{ n: 1 }, { n: 2 }]);
  });

  test("is not asked about what would be refused anyway, and the refusal is the answer", async () => {
    const { done, registry, audit } = open();
    const approve = vi.fn<Approve>(() => true);
    const model = createCaller(
      call("1", "pay", { n: "one" }),
      call("2", "pay", "{"),
      call("3", "secret", { n: 1 }),
      call("4", "nothing", {}),
      call("5", "costly", { n: 1 }),
    );
    const { calls } = await createAgent({ registry, model, approve }).chat("go", { principal: ada });
    expect(codes(calls)).toEqual(["INVALID_INPUT", "INVALID_JSON", "UNKNOWN_TOOL", "UNKNOWN_TOOL", "QUOTA_EXCEEDED"]);
    expect(approve).not.toHaveBeenCalled();
    expect(done).toEqual([]);
    // Every one of them was counted and audited, as a call and not as a rehearsal.
    expect(audit.events.filter(({ type }) => type.startsWith("call."))).toHaveLength(5);
    expect(calls.map(({ outcome }) => outcome.meta.dryRun)).toEqual([false, false, false, false, false]);
    expect(calls[0]?.outcome).toMatchObject({ error: { issues: [{ path: ["n"] }] } });
  });

  test.each([
    ["false", false, "The call was not approved. It has not been made."],
    ["a reason", { deny: "Not on Sundays." }, "Not on Sundays."],
    ["an empty reason", { deny: " " }, "The call was not approved. It has not been made."],
  ] as const)("denies with %s, and the model is told", async (_what, decision, message) => {
    const { done, registry, audit } = open();
    const model = createCaller(call("1", "pay", { n: 1 }));
    const { calls } = await createAgent({ registry, model, approve: () => decision }).chat("go", { principal: ada });
    expect(calls[0]?.outcome).toMatchObject({
      ok: false,
      error: { code: "APPROVAL_DENIED", message, effect: "none", retryable: false },
      meta: { tool: "pay", version: "1.0.0", dryRun: false, attempts: 0 },
    });
    expect(JSON.stringify(model.turns[1]?.messages)).toContain(message);
    expect(done).toEqual([]);
    expect(audit.events.filter(({ type }) => type.startsWith("call."))).toEqual([
      expect.objectContaining({ callId: calls[0]?.outcome.meta.callId, tool: "pay", type: "call.refused" }),
    ]);
    expect(registry.usage("pay").calls).toBe(1);
  });

  test.each([
    [
      "throws",
      () => {
        throw new Error("hunter2");
      },
    ],
    ["rejects", () => Promise.reject(new Error("hunter2"))],
    ["answers nothing", () => undefined as never],
    ["answers a text", () => "yes" as never],
    ["answers 1", () => 1 as never],
    ["answers another object", () => ({ approve: true }) as never],
  ] as const)(
    "denies when the hook %s, and warns",
    async (_what, approve: () => Promise<ApprovalDecision> | ApprovalDecision) => {
      const { done, registry } = open();
      const model = createCaller(call("1", "pay", { n: 1 }));
      const { calls } = await createAgent({ registry, model, approve }).chat("go", { principal: ada });
      expect(codes(calls)).toEqual(["APPROVAL_DENIED"]);
      expect(JSON.stringify([calls, model.turns])).not.toContain("hunter2");
      expect(done).toEqual([]);
      expect(warn).toHaveBeenCalledTimes(1);
      expect(warn.mock.calls[0]?.[1]).toMatchObject({
        type: "ToolyardListenerWarning",
        detail: 'approve of "pay" failed',
      });
    },
  );

  test("cannot change what is executed, nor can the model's adapter while it is asked", async () => {
    const { done, registry } = open();
    const given = { n: 1, deep: { list: [1] } };
    const approve: Approve = async ({ input: shown, tool, principal }) => {
      given.n = 2;
      given.deep.list.push(2);
      expect(shown).toEqual({ n: 1, deep: { list: [1] } });
      expect(() => ((shown as { n: number }).n = 3)).toThrow(TypeError);
      expect(() => (shown as { deep: { list: number[] } }).deep.list.push(3)).toThrow(TypeError);
      expect(() => ((tool as { digest: string }).digest = "x")).toThrow(TypeError);
      expect(() => ((principal as { id: string }).id = "eve")).toThrow(TypeError);
      expect(() => (principal as unknown as { roles: string[] }).roles.push("ADMIN")).toThrow(TypeError);
      return true;
    };
    const model = createCaller(call("1", "pay", given));
    const { calls } = await createAgent({ registry, model, approve }).chat("go", {
      principal: structuredClone(ada),
    });
    expect(codes(calls)).toEqual(["ok"]);
    expect(done).toEqual([{ n: 1, deep: { list: [1] } }]);
    expect(warn).not.toHaveBeenCalled();
  });

  test("sees a number that a double cannot hold as it was written", async () => {
    const shown: unknown[] = [];
    const any = defineTool({
      ...common,
      name: "any",
      effect: "read",
      input: { type: "object", properties: { id: { type: "string" } } },
      handler: ({ id }) => id,
    });
    const model = createCaller(
      call("1", "any", '{"id":9007199254740993}'),
      call("2", "any", ""),
      call("3", "any", null),
    );
    const approve: Approve = ({ input: given }) => {
      shown.push(given);
      return true;
    };
    const { calls } = await createAgent({ registry: createRegistry({ tools: [any] }), model, approve }).chat("go", {
      principal: ada,
    });
    expect(shown).toEqual([{ id: "9007199254740993" }, {}, {}]);
    expect(calls[0]?.outcome).toMatchObject({ ok: true, output: "9007199254740993" });
  });

  test("is not told who trusted code is, nor roles that nobody gave", async () => {
    const { registry } = open();
    const seen: unknown[] = [];
    const approve: Approve = ({ principal }) => {
      seen.push(principal);
      return false;
    };
    const chat = (options: object) =>
      createAgent({ registry, model: createCaller(call("1", "pay", { n: 1 })), approve }).chat("go", options);
    await chat({});
    await chat({ principal: { id: "bob" } });
    expect(seen[0]).toBeNull();
    expect(seen[1]).toMatchObject({ id: "bob", tenant: "default" });
    expect(seen[1]).not.toHaveProperty("roles");
  });

  test("that takes its time holds no place of the calls that may run", async () => {
    const { done, registry } = open();
    const { promise, resolve } = Promise.withResolvers<ApprovalDecision>();
    const approve: Approve = ({ id }) => (id === "1" ? promise : true);
    const model = createCaller(call("1", "pay", { n: 1 }), call("2", "pay", { n: 2 }));
    await createAgent({ registry, model, approve, concurrency: 1 }).chat("go", {
      principal: ada,
      onEvent: (event) => {
        if (event.type === "result" && event.id === "2") resolve(true);
      },
    });
    expect(done).toEqual([{ n: 2 }, { n: 1 }]);
  });

  test("does not hold a chat that is cancelled, whose calls are answered", async () => {
    const { done, registry } = open();
    // Nothing but the missing approval stands between the call and its effect.
    const deaf = {
      ...registry,
      execute: (ref: string, given: unknown, { signal: _signal, ...options }: CallOptions) =>
        registry.execute(ref, given, options),
    } as unknown as AgentRegistry;
    const controller = new AbortController();
    const approve: Approve = ({ signal }) => {
      controller.abort();
      expect(signal.aborted).toBe(true);
      return new Promise(() => {});
    };
    const model = createCaller(call("1", "pay", { n: 1 }));
    const result = await createAgent({ registry: deaf, model, approve }).chat("go", {
      principal: ada,
      signal: controller.signal,
    });
    expect([result.stopped, codes(result.calls)]).toEqual(["cancelled", ["CANCELLED"]]);
    expect(done).toEqual([]);
  });

  test("is asked about the version that was shown, and no other is executed", async () => {
    const { registry } = open();
    const ran: string[] = [];
    const approve: Approve = async ({ tool }) => {
      await registry.register(
        defineTool({ ...common, name: "pay", version: "1.1.0", effect: "write", handler: () => void ran.push("new") }),
      );
      expect(tool.version).toBe("1.0.0");
      return true;
    };
    const model = createCaller(call("1", "pay", { n: 1 }));
    const { calls } = await createAgent({ registry, model, approve }).chat("go", { principal: ada });
    expect(calls[0]?.outcome.meta.version).toBe("1.0.0");
    expect(ran).toEqual([]);
  });
});

describe("a registry that waits for an approval itself", () => {
  const waits = (registry: Registry, when: (dryRun: boolean) => boolean): AgentRegistry =>
    ({
      ...registry,
      async execute(ref: string, given: unknown, options: { dryRun?: boolean; digest?: string } = {}) {
        const outcome = await registry.execute(ref, given, { ...options, dryRun: true });
        if (!when(options.dryRun === true)) return registry.execute(ref, given, options);
        const error = { code: "APPROVAL_PENDING", message: "Waiting.", effect: "none", retryable: false };
        return { ok: false, error, continuation: { kind: "approval", token: "t" }, meta: outcome.meta };
      },
    }) as never;

  test.each([
    ["without a hook", {}],
    ["and nobody else is asked", { approve: vi.fn<Approve>(() => true) }],
  ])("stops the turn, %s, and goes on when it does not wait any more", async (_what, hook: { approve?: Approve }) => {
    const { done, registry } = open();
    let waiting = true;
    const model = createCaller(call("1", "pay", { n: 1 }));
    const agent = createAgent({ registry: waits(registry, () => waiting), model, ...hook });
    const result = await agent.chat("go", { principal: ada });
    expect(result).toMatchObject({ stopped: "approval_pending", pending: [{ id: "1" }], calls: [] });
    expect(model.turns).toHaveLength(1);
    if (hook.approve !== undefined) expect(hook.approve).not.toHaveBeenCalled();
    waiting = false;
    const after = await agent.resume(result.state as never, { principal: ada });
    expect([after.stopped, done]).toEqual(["answered", [{ n: 1 }]]);
  });
});
