// The same fields in every event, whatever it tells of, so that a reader of the trail needs no cases.
import { expect, test } from "vitest";
import { createMemoryAuditSink, createRegistry, defineTool, ToolError } from "../../src/index.ts";
import { AUDIT_FIELDS, AUDIT_TYPES } from "./audit-fields.ts";

const base = { version: "1.0.0", description: "Echoes.", effect: "read", access: { roles: ["USER"] } } as const;
const echo = defineTool({ ...base, name: "echo", handler: async () => "done" });
const refuse = defineTool({
  ...base,
  name: "refuse",
  handler: async () => {
    throw new ToolError("NO", "No.");
  },
});

test("every audit event has all fields that are pinned and no others", async () => {
  const audit = createMemoryAuditSink();
  const registry = createRegistry({ audit, tools: [echo] });
  const principal = { id: "u1", ip: "192.0.2.1" };
  await registry.register(refuse);
  await registry.execute("echo", {}, { principal, idempotencyKey: "k1" });
  await registry.execute("refuse", {}, { principal });
  await registry.execute("missing", {}, { principal });
  await registry.permissions.set("echo", ["GUEST"]);
  await registry.grants.add({ name: "g", effect: "allow", tools: ["echo"], roles: ["GUEST"] });
  await registry.quotas.reset(principal);
  await registry.deprecate("echo@1.0.0", { message: "old" });
  await registry.retire("echo@1.0.0");
  await registry.restore("echo@1.0.0");
  await registry.unregister("echo");
  await registry.close();

  const types = new Set<string>(audit.events.map(({ type }) => type));
  expect([...types].filter((type) => !(AUDIT_TYPES as readonly string[]).includes(type))).toEqual([]);
  expect(types.size).toBeGreaterThan(10);
  for (const event of audit.events) expect(Object.keys(event).toSorted()).toEqual(AUDIT_FIELDS);
});
