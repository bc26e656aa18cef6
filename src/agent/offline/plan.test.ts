import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { sampleTools } from "../../../test/providers/sample-tools.ts";
import { createRegistry, defineTool, type ToolDescription } from "../../index.ts";
import { planCalls } from "./plan.ts";

const tools = createRegistry({ tools: sampleTools }).list();

function plan(text: string, shown: readonly ToolDescription[] = tools): readonly string[] {
  const { calls, leftovers } = planCalls(text, shown, null);
  return [
    ...calls.map(({ tool, input }) => `${tool.name} ${JSON.stringify(input)}`),
    ...leftovers.map((leftover) => `? ${leftover}`),
  ];
}

describe("a request becomes", () => {
  test.each([
    ["what is 2+2?", ['math.calculate {"expression":"2+2"}']],
    ["2+2", ['math.calculate {"expression":"2+2"}']],
    ["how much is 15% of 80 euros", ['math.calculate {"expression":"15 / 100 * 80"}']],
    ["10 km to miles", ['units.convert {"value":10,"from":"km","to":"miles"}']],
    [
      "Convert 20 degrees celsius to fahrenheit, please.",
      ['units.convert {"value":20,"from":"degrees celsius","to":"fahrenheit"}'],
    ],
    ["how many feet are 3 metres?", ['units.convert {"value":3,"from":"metres","to":"feet"}']],
    ["weather in Oslo in July", ['weather.climate {"city":"Oslo","month":7}']],
    ["weather oslo july", ['weather.climate {"city":"oslo","month":7}']],
    ["the climate of New York, month 13", ['weather.climate {"city":"New York","month":13}']],
    ["weather in Oslo in Juli", ['weather.climate {"city":"Oslo","month":"Juli"}']],
    ["what time is it?", ["time.now {}"]],
    ["What time is it in Tokyo?", ['time.now {"timeZone":"Tokyo"}']],
    ["time in Europe/Berlin", ['time.now {"timeZone":"Europe/Berlin"}']],
    ["days between 2026-01-01 and 2026-03-01", ['dates.between {"from":"2026-01-01","to":"2026-03-01"}']],
    ["how long from 24 December 2026 to 1 March 2027", ['dates.between {"from":"2026-12-24","to":"2027-03-01"}']],
    ["how long until 2026-05-01 from 2026-01-01", ['dates.between {"from":"2026-01-01","to":"2026-05-01"}']],
    ["roll 3 dice with 20 sides", ['dice.roll {"count":3,"sides":20}']],
    ["roll two dark green dice", ['dice.roll {"count":2,"color":"dark green"}']],
    ["add a note: buy milk, eggs and bread", ['notes.add {"text":"buy milk, eggs and bread"}']],
    ["remember to call Bob and Alice", ['notes.add {"text":"call Bob and Alice"}']],
    ['add note "feed the cat" tagged home and pets', ['notes.add {"text":"feed the cat","tags":["home","pets"]}']],
    [
      "add a note to water the plants #home #garden",
      ['notes.add {"text":"water the plants","tags":["home","garden"]}'],
    ],
    ["note that I like tea", ['notes.add {"text":"I like tea"}']],
    ["note: call the dentist at 9am tomorrow", ['notes.add {"text":"call the dentist at 9am tomorrow"}']],
    ["Remember: meet Ada on 2026-05-05 at 14:30", ['notes.add {"text":"meet Ada on 2026-05-05 at 14:30"}']],
    ["show my notes", ["notes.list {}"]],
    ["list notes tagged shopping limit 5", ['notes.list {"tag":"shopping","limit":5}']],
    ["please delete all notes", ["notes.clear {}"]],
    ["search the documents for quotas and retries", ['docs.search {"query":"quotas and retries"}']],
    ["find documents about versions, limit 2", ['docs.search {"query":"versions","limit":2}']],
    ["search the documents. How do quotas refill?", ['docs.search {"query":"quotas refill"}']],
  ])("%j → %j", (text, expected) => {
    expect(plan(text)).toEqual(expected);
  });
});

describe("several requests at once become parallel calls", () => {
  test.each([
    [
      "what is 2+2 and the weather in Oslo and Lisbon?",
      ['math.calculate {"expression":"2+2"}', 'weather.climate {"city":"Oslo"}', 'weather.climate {"city":"Lisbon"}'],
    ],
    [
      "weather in Oslo in July and Lisbon in August",
      ['weather.climate {"city":"Oslo","month":7}', 'weather.climate {"city":"Lisbon","month":8}'],
    ],
    [
      "weather in oslo and lisbon in july",
      ['weather.climate {"city":"oslo","month":7}', 'weather.climate {"city":"lisbon","month":7}'],
    ],
    [
      "Oslo, Lisbon and Rome weather in July",
      [
        'weather.climate {"city":"Oslo","month":7}',
        'weather.climate {"city":"Lisbon","month":7}',
        'weather.climate {"city":"Rome","month":7}',
      ],
    ],
    [
      "Convert 10 km to miles and 5 kg to pounds",
      ['units.convert {"value":10,"from":"km","to":"miles"}', 'units.convert {"value":5,"from":"kg","to":"pounds"}'],
    ],
    ["time in Tokyo and New York", ['time.now {"timeZone":"Tokyo"}', 'time.now {"timeZone":"New York"}']],
    [
      "7 * 8, then show my notes. What time is it?",
      ['math.calculate {"expression":"7 * 8"}', "notes.list {}", "time.now {}"],
    ],
    [
      "weather in Paris in May, and who won the cup?",
      ['weather.climate {"city":"Paris","month":5}', "? who won the cup"],
    ],
  ])("%j", (text, expected) => {
    expect(plan(text)).toEqual(expected);
  });

  test("sixteen at the most", () => {
    expect(plan("what is 1+1? ".repeat(50))).toHaveLength(16);
  });
});

describe("what no tool is meant by is left over", () => {
  test.each([
    "tell me a joke",
    "who won the world cup in Paris in July",
    "What is the capital of France",
    "book a flight to Paris on 2026-05-05",
    "delete my account",
    "notes.add",
    "add 5",
  ])("%j", (text) => {
    expect(plan(text).filter((call) => !call.startsWith("notes.list"))).toEqual(
      text === "notes.add" ? [] : [`? ${text}`],
    );
  });

  test("nothing is, where nothing is said", () => {
    for (const text of ["", " ", "?!", "please", "hello", "thank you"]) expect(plan(text)).toEqual([]);
  });

  test("a write is not made of a question or a remark", () => {
    for (const text of [
      "what notes do I have?",
      "I like notes",
      "notes about tea",
      "do I have a note about tea?",
      "write a poem about notes",
      "delete notes from the production database",
    ]) {
      expect(plan(text).join()).not.toMatch(/notes\.(?:add|clear)/);
      if (/^(?:write|delete)/.test(text)) expect(plan(text)).toEqual([`? ${text}`]);
    }
  });
});

describe("a follow-up", () => {
  const previous = {
    tool: tools.find(({ name }) => name === "weather.climate") as ToolDescription,
    input: { city: "Oslo", month: 7 },
  };
  const follow = (text: string): readonly unknown[] => planCalls(text, tools, previous).calls.map(({ input }) => input);

  test("takes the call before it with something else", () => {
    expect(follow("and in Lisbon?")).toEqual([{ city: "Lisbon", month: 7 }]);
    expect(follow("What about March?")).toEqual([{ city: "Oslo", month: 3 }]);
    expect(follow("And Rome in May, and Paris?")).toEqual([
      { city: "Rome", month: 5 },
      { city: "Paris", month: 5 },
    ]);
  });

  test("is not every text", () => {
    expect(follow("tell me a joke")).toEqual([]);
    expect(follow("the president of the United States lives where exactly")).toEqual([]);
  });
});

describe("tools it has never seen", () => {
  const registry = createRegistry({
    tools: [
      defineTool({
        name: "crm.findCustomer",
        version: "1.0.0",
        title: "Find a customer",
        description: "Look up one customer by number or e-mail address.",
        effect: "read",
        input: {
          type: "object",
          properties: {
            customerId: { type: "string", description: "Such as C-1042." },
            email: { type: "string", format: "email" },
          },
          required: [],
        },
        examples: [{ customerId: "C-1042" }],
        handler: () => null,
      }),
      defineTool({
        name: "deploy.service",
        version: "1.0.0",
        description: "Deploy a service to an environment.",
        effect: "write",
        input: {
          type: "object",
          properties: {
            service: { type: "string", description: "Name of the service." },
            environment: { type: "string", enum: ["staging", "production"] },
            dryRun: { type: "boolean", description: "Only show what would be done." },
          },
          required: ["service", "environment"],
        },
        handler: () => null,
      }),
      defineTool({
        name: "stats.mean",
        version: "1.0.0",
        description: "The mean of numbers.",
        effect: "read",
        input: {
          type: "object",
          properties: { numbers: { type: "array", items: { type: "number" } } },
          required: ["numbers"],
        },
        handler: () => null,
      }),
    ],
  });

  test.each([
    ["find customer C-77", ['crm.findCustomer {"customerId":"C-77"}']],
    ["look up the customer with ann@example.org", ['crm.findCustomer {"email":"ann@example.org"}']],
    ["deploy service billing to staging", ['deploy.service {"service":"billing","environment":"staging"}']],
    [
      "deploy billing to production without dry run",
      ['deploy.service {"service":"billing","environment":"production","dryRun":false}'],
    ],
    ["mean of 3, 4 and 5.5", ['stats.mean {"numbers":[3,4,5.5]}']],
  ])("%j", (text, expected) => {
    expect(plan(text, registry.list())).toEqual(expected);
  });
});

describe("robustness", () => {
  test("plans something or nothing for any text, always the same", () => {
    const words = fc.constantFrom(
      "weather",
      "Oslo",
      "and",
      "in",
      "July",
      "2+2",
      "note",
      ":",
      ",",
      '"',
      "10",
      "km",
      "to",
      "between",
      "2026-01-01",
      "delete",
      "all",
      "notes",
      ".",
      "?",
      "tagged",
      "__proto__",
      "constructor",
    );
    const text = fc.oneof(
      fc.string({ maxLength: 200 }),
      fc.string({ unit: "binary", maxLength: 200 }),
      fc.array(words, { maxLength: 25 }).map((list) => list.join(" ")),
    );
    fc.assert(
      fc.property(text, (said) => {
        const first = planCalls(said, tools, null);
        expect(JSON.stringify(planCalls(said, tools, null))).toBe(JSON.stringify(first));
        for (const { tool, input } of first.calls) {
          expect(tools).toContain(tool);
          for (const name of Object.keys(input))
            expect(Object.keys(tool.inputSchema["properties"] ?? {})).toContain(name);
        }
      }),
      { numRuns: 300 },
    );
  });

  test("considers 4,096 characters and comes to an end for hostile ones", () => {
    const parts = [
      "(",
      "ab(",
      "1+",
      "A ",
      "'",
      "1,",
      "-",
      "a@",
      "weather and ",
      "in ",
      "weather in Oslo and ",
      "note: ",
      "between a and ",
      "x y. ",
      "how many ",
      "10 km to ",
      "#a",
      "a.",
      "\u0000",
      "\u{1f600}",
    ];
    for (const part of parts)
      expect(planCalls(part.repeat(100_000 / part.length), tools, null).calls.length).toBeLessThanOrEqual(16);
    expect(plan(`${" ".repeat(4_096)}what is 2+2?`)).toEqual([]);
  });

  test("needs no tools, and takes schemas of any form", () => {
    expect(plan("what is 2+2?", [])).toEqual(["? what is 2+2"]);
    const schemas = [
      {},
      { type: "object" },
      { properties: null },
      { properties: { expression: true } },
      { properties: { expression: { anyOf: [{ type: "null" }, { type: "string" }] } } },
      { $ref: "#/x" },
    ];
    for (const inputSchema of schemas) {
      const [tool] = tools;
      const odd = {
        ...tool,
        name: "calculate",
        title: "calculate",
        inputSchema,
        examples: [null, 5, []],
      } as unknown as ToolDescription;
      expect(() => planCalls("calculate 2+2", [odd], null)).not.toThrow();
    }
  });
});
