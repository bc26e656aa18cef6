// Add a tool: define it, register it, call it by its object (typed) and by its name (as a model would), publish a second
// version, and hand all of it to OpenAI's API.
import assert from "node:assert/strict";
import { createRegistry, defineTool, Role, ToolError } from "toolyard";
import { openai } from "toolyard/openai";
import { z } from "zod";

const stock = new Map([
  ["apple", 12],
  ["pear", 0],
]);

const countStock = defineTool({
  name: "stock.count",
  version: "1.0.0",
  description: "How many of an item are in stock.",
  effect: "read",
  access: { roles: [Role.USER] },
  input: z.object({ item: z.string().describe("Singular, in English.") }),
  output: z.object({ count: z.number().int() }),
  examples: [{ item: "apple" }],
  handler({ item }) {
    const count = stock.get(item);
    // Thrown on purpose: this message reaches the model, any other exception is masked.
    if (count === undefined)
      throw new ToolError(
        "UNKNOWN_ITEM",
        `There is no item ${JSON.stringify(item)}. Items: ${[...stock.keys()].join(", ")}.`,
      );
    return { count };
  },
});

await using registry = createRegistry({ tools: [countStock] });
const principal = { id: "ulla", roles: [Role.USER] };

// By its object: the compiler knows what goes in and what comes out.
const typed = await registry.execute(countStock, { item: "apple" }, { principal });
assert(typed.ok);
assert.equal(typed.output.count + 1, 13);

// By its name, with whatever a model wrote: refusals are values that the model can repair its call from.
const untyped = await registry.execute("stock.count", '{"itm": "apple"}', { principal });
assert(!untyped.ok);
assert.equal(untyped.error.code, "INVALID_INPUT");
assert.match(JSON.stringify(untyped.error.issues), /item/);

const unknown = await registry.execute("stock.count", { item: "plum" }, { principal });
assert(!unknown.ok && unknown.error.toolCode === "UNKNOWN_ITEM");

// A second version beside the first: ranges keep their promise.
await registry.register(
  defineTool({
    name: "stock.count",
    version: "2.0.0",
    description: "How many of several items are in stock, all together.",
    effect: "read",
    access: { roles: [Role.USER] },
    input: z.object({ items: z.array(z.string()) }),
    handler: ({ items }) => ({ count: items.reduce((sum, item) => sum + (stock.get(item) ?? 0), 0) }),
  }),
);
assert.equal(registry.get("stock.count")?.version, "2.0.0");
assert.equal(registry.get("stock.count@^1")?.version, "1.0.0");

// Every example and schema compiles: run this in your tests.
assert.deepEqual((await registry.check()).problems, []);

const { tools } = openai(registry, { principal });
assert.deepEqual(
  tools.map(({ name }) => name),
  ["stock_count"],
);
console.log("add-a-tool: ok");
