import { expectTypeOf, test } from "vitest";
import type { Client, Operations, Outcome, ToolEvent } from "../../src/client/index.ts";

declare const client: Client;

test("inputs and answers are those of the routes", () => {
  expectTypeOf(client.callTool({ ref: "a.b", body: { x: 1 }, dryRun: true })).resolves.toEqualTypeOf<Outcome>();
  expectTypeOf(client.listTools()).resolves.toHaveProperty("tools");
  expectTypeOf(client.removeGrant({ id: "x" })).resolves.toEqualTypeOf<undefined>();
  expectTypeOf(client.getDocs()).resolves.toEqualTypeOf<string>();
  expectTypeOf(client.streamTool({ ref: "a.b" })).toExtend<AsyncIterable<ToolEvent>>();
  expectTypeOf<Operations["resolveOutcome"]["input"]["body"]["effect"]>().toEqualTypeOf<"applied" | "none">();
});

test("what an operation needs cannot be left out, and what it does not know not given", () => {
  // @ts-expect-error -- the tool is missing
  void (() => client.callTool({ body: {} }));
  // @ts-expect-error -- nothing at all
  void (() => client.getTool());
  // @ts-expect-error -- the body is missing
  void (() => client.createKey({}));
  // @ts-expect-error -- no such parameter
  void (() => client.listTools({ categry: "x" }));
  // @ts-expect-error -- not one of the values
  void (() => client.getBinding({ provider: "other" }));
});
