// The client against a real server: what the routes promise is what comes.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createClient, ToolyardClientError } from "../../src/client/index.ts";
import { openWorld, type Who, type World } from "../server/world.ts";

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

function clientOf(who: Who) {
  const key = world.headersOf(who)["authorization"]?.replace("Bearer ", "");
  return createClient({ url: world.url, ...(key !== undefined && { key }) });
}

describe("a client of a real server", () => {
  it("lists, describes and calls tools", async () => {
    const client = clientOf("user");
    const { tools } = await client.listTools({ category: "test", limit: 2 });
    expect(tools.map(({ name }) => name)).toEqual(["test.add", "test.crash"]);
    expect(await client.getTool({ ref: "test.echo@^1" })).toMatchObject({ name: "test.echo", version: "1.0.0" });
    const { output, meta } = await client.callTool({ ref: "test.echo", body: { text: "ü" } });
    expect([output, meta.tool, meta.version]).toEqual([{ text: "ü" }, "test.echo", "1.0.0"]);
    expect((await client.callTool({ ref: "test.add", body: { by: 1 }, dryRun: true })).output).toBeNull();
  });

  it("makes a call once by its key", async () => {
    const client = clientOf("user");
    const input = { ref: "test.add", body: { by: 2 }, idempotencyKey: "add-once" };
    const [first, second] = [await client.callTool(input), await client.callTool(input)];
    expect(second.output).toEqual(first.output);
    expect(world.entered.get("test.add")).toBe(1);
  });

  it("yields what a tool tells on its way", async () => {
    const events = [];
    for await (const event of clientOf("user").streamTool({ ref: "test.steps", body: {} })) events.push(event);
    expect(events).toMatchObject([
      { event: "progress", data: { fraction: 0.5, message: "half\nway" } },
      { event: "partial", data: { value: { a: 1 } } },
      { event: "outcome", data: { output: { done: true } } },
    ]);
  });

  it("throws what is refused, with the code", async () => {
    const client = clientOf("user");
    await expect(client.callTool({ ref: "test.refuse", body: {} })).rejects.toMatchObject({
      ...{ code: "TOOL_ERROR", status: 422, problem: { toolCode: "NOT_TODAY" } },
    });
    await expect(client.callTool({ ref: "test.add", body: {} })).rejects.toMatchObject({ code: "INVALID_INPUT" });
    await expect(client.getHealth()).rejects.toMatchObject({ code: "FORBIDDEN", status: 403 });
    await expect(clientOf("none").getCaller()).rejects.toBeInstanceOf(ToolyardClientError);
  });

  it("ends a call that is left", async () => {
    const stop = new AbortController();
    const call = clientOf("user").callTool({ ref: "test.wait", body: { ms: 60_000 }, signal: stop.signal });
    const refused = call.catch((error: unknown) => error);
    while (world.entered.get("test.wait") === undefined) await new Promise((resolve) => setImmediate(resolve));
    stop.abort(new Error("enough"));
    expect(await refused).toEqual(new Error("enough"));
    while (world.aborted() === 0) await new Promise((resolve) => setImmediate(resolve));
    expect(world.aborted()).toBe(1);
  });

  it("makes, follows and ends keys", async () => {
    const client = clientOf("operator");
    const made = await client.createKey({ body: { principal: "kim", roles: ["USER"] } });
    expect(await createClient({ url: world.url, key: made.key }).getCaller()).toMatchObject({ id: "kim" });
    const next = await client.rotateKey({ id: made.description.id, body: { overlapMs: 0 } });
    expect((await client.listKeys({ principal: "kim" })).keys).toHaveLength(2);
    expect(await client.revokeKey({ id: next.description.id, reason: "done" })).toMatchObject({ revoked: true });
    await expect(createClient({ url: world.url, key: next.key }).getCaller()).rejects.toMatchObject({ status: 401 });
  });

  it("sets and takes back, from the state it has seen", async () => {
    const client = clientOf("operator");
    const body = { tools: ["test.*"], roles: ["USER"] };
    const setting = await client.setGrant({ id: "of-users", body, reason: "ticket" });
    await expect(client.setGrant({ id: "of-users", body, ifMatch: '"999"' })).rejects.toMatchObject({ status: 412 });
    expect((await client.listGrants()).grants.map(({ id }) => id)).toContain("of-users");
    expect(await client.removeGrant({ id: "of-users", ifMatch: `"${setting.revision}"` })).toBeUndefined();
  });
});
