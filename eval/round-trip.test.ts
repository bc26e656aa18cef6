import { expect, onTestFinished, test } from "vitest";
import type { ToolDescription } from "../src/index.ts";
import { type Registered, type Registration, registerAll } from "./register.ts";
import { makeTrip } from "./round-trip.ts";
import { type Route, toRoutes } from "./route.ts";
import { compileForms, PROVIDERS } from "./strict-forms.ts";
import { createValidator } from "./validator.ts";

const definition = {
  name: "orders.find",
  version: "1.0.0",
  description: "Finds an order.",
  parameters: {
    type: "object",
    properties: { id: { type: "string" }, "per page": { type: "integer" } },
    required: ["id"],
  },
  notes: [],
};

async function open(): Promise<Registration & { readonly tool: ToolDescription }> {
  const registration = await registerAll([definition]);
  onTestFinished(() => registration.registry.close());
  const [first] = registration.registered as [Registered];
  return { ...registration, tool: first.tool };
}

test.each(PROVIDERS)("a call comes back from %s as it was meant", async (provider) => {
  const { registry, registered, tool } = await open();
  const route = toRoutes(registry, compileForms(provider, registered))([tool]);
  for (const meant of [{ id: "o_1" }, { id: "o_1", "per page": 5 }]) {
    expect(await makeTrip(registry, route, createValidator(), tool, meant)).toEqual({ fate: "survived", detail: "" });
  }
});

test.each<readonly [string, string, Partial<Route>, object]>([
  ["changed", "executed with another value", { decode: (tool) => ({ tool, input: { id: "o_2" } }) }, { id: "o_1" }],
  [
    "changed",
    "executed without a value",
    { decode: (tool) => ({ tool, input: { id: "o_1" } }) },
    { id: "o_1", "per page": 5 },
  ],
  ["refused", "refused by the registry", { decode: (tool) => ({ tool, input: { id: null } }) }, { id: "o_1" }],
  ["refused", "led to no tool", { decode: () => ({ tool: null, input: { id: "o_1" } }) }, { id: "o_1" }],
  ["unsendable", "not taken by the schema", { schemaOf: () => ({ type: "object", maxProperties: 0 }) }, { id: "o_1" }],
])("a call is %s when it is %s", async (fate, _how, broken, meant) => {
  const { registry, tool } = await open();
  const sound: Route = {
    schemaOf: ({ inputSchema }) => inputSchema,
    decode: (called, input) => ({ tool: called, input }),
  };
  const trip = await makeTrip(
    registry,
    { ...sound, ...broken },
    createValidator(),
    tool,
    meant as Record<string, unknown>,
  );
  expect(trip.fate).toBe(fate);
  expect(trip.detail).not.toBe("");
});
