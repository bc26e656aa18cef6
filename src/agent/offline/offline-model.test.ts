// The offline model in an agent over a real registry: real calls, real refusals, and only their texts to go by.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { sampleTools } from "../../../test/providers/sample-tools.ts";
import { createRegistry, defineTool, type PrincipalInput, Role, ToolError } from "../../index.ts";
import { createAgent } from "../agent.ts";
import type { ChatResult } from "../events.ts";
import { offlineModel } from "./offline-model.ts";

const user: PrincipalInput = { id: "u", roles: ["USER"] };

function createChat(principal: PrincipalInput = user, tools = sampleTools): (text: string) => Promise<ChatResult> {
  const agent = createAgent({ registry: createRegistry({ tools, limits: [] }), model: offlineModel() });
  return (text) => agent.chat(text, { principal });
}

const toLog = ({ calls }: ChatResult): readonly string[] =>
  calls.map(
    ({ id, tool, input, outcome }) =>
      `${id} ${tool} ${JSON.stringify(input)} ${outcome.ok ? "ok" : outcome.error.code}`,
  );

describe("the offline model", () => {
  test("says what it is", () => {
    expect(offlineModel().name).toBe("offline");
  });

  test("answers with what the tools gave, calling them in parallel", async () => {
    const result = await createChat()("what is 2+2 and the weather in Oslo in July and in Lisbon?");
    expect(toLog(result)).toEqual([
      'offline-1 math.calculate {"expression":"2+2"} ok',
      'offline-2 weather.climate {"city":"Oslo","month":7} ok',
      'offline-3 weather.climate {"city":"Lisbon","month":7} ok',
    ]);
    expect(result.steps).toBe(2);
    expect(result.text).toBe(
      "- Calculator (2+2): <2+2>.\n" +
        "- Climate of a city (city Oslo, month 7): mean temperature C: 17.\n" +
        "- Climate of a city (city Lisbon, month 7): mean temperature C: 17.",
    );
  });

  test("repairs a refused call from the returned issues alone, and says what it changed", async () => {
    const result = await createChat()("weather in Oslo, month 13");
    expect(toLog(result)).toEqual([
      'offline-1 weather.climate {"city":"Oslo","month":13} INVALID_INPUT',
      'offline-1-r1 weather.climate {"city":"Oslo","month":12} ok',
    ]);
    expect(result.text).toContain("(The tool refused month 13, so I tried 12.)");
  });

  test("repairs parallel calls in parallel", async () => {
    const result = await createChat()("time in Tokyo and Oslo");
    expect(toLog(result)).toEqual([
      'offline-1 time.now {"timeZone":"Tokyo"} TOOL_ERROR',
      'offline-2 time.now {"timeZone":"Oslo"} TOOL_ERROR',
      'offline-1-r1 time.now {"timeZone":"Asia/Tokyo"} ok',
      'offline-2-r1 time.now {"timeZone":"Asia/Oslo"} ok',
    ]);
    expect(result.steps).toBe(3);
  });

  test("says which argument it took from an example", async () => {
    const result = await createChat()("weather in Oslo");
    expect(result.text).toContain("(You gave no month, so I took 7, the tool's example.)");
  });

  test("says what it could not do and why", async () => {
    const result = await createChat()("what's the weather, and the weather in Xanadu in May");
    expect(result.stopped).toBe("answered");
    expect(result.text).toMatch(/it did not work: There is no city "Xanadu"/);
  });

  test("gives up after three repairs", async () => {
    let count = 0;
    const fussy = defineTool({
      name: "fussy.number",
      version: "1.0.0",
      description: "Takes a number.",
      effect: "read",
      access: { roles: [Role.GUEST] },
      input: { type: "object", properties: { n: { type: "string" } }, required: ["n"] },
      handler(input) {
        throw new ToolError("NO", `No ${JSON.stringify(input["n"])}. Did you mean ${String(input["n"])}${count++}?`);
      },
    });
    const result = await createChat(user, [fussy])("fussy number x1");
    expect(result.calls.map(({ id }) => id)).toEqual(["offline-1", "offline-1-r1", "offline-1-r2", "offline-1-r3"]);
    expect(result.text).toContain("it did not work after 4 attempts");
  });

  test("does not try the same arguments twice", async () => {
    const circular = defineTool({
      name: "circular.thing",
      version: "1.0.0",
      description: "Takes a thing.",
      effect: "read",
      access: { roles: [Role.GUEST] },
      input: { type: "object", properties: { n: { type: "string" } }, required: ["n"] },
      handler(input) {
        throw new ToolError(
          "NO",
          `No ${JSON.stringify(input["n"])}. Did you mean ${input["n"] === "A1" ? "B1" : "A1"}?`,
        );
      },
    });
    expect((await createChat(user, [circular])("circular thing A1")).calls).toHaveLength(2);
  });

  test("says that it does not understand, what it is, and what it can do", async () => {
    const { text, calls } = await createChat()("tell me a joke");
    expect(calls).toEqual([]);
    expect(text).toMatch(
      /^I am the offline model: no language model, only a matcher of words to tools\. I found none for “tell me a joke”\. I can use:\n- /,
    );
    expect(text).toContain("- Calculator (math.calculate): Calculate an arithmetic expression.");
    expect(text).toContain("- and 1 more");
    expect((await createChat()("hello")).text).toMatch(/I can use:/);
    expect((await createChat(user, [])("hello")).text).toContain("There are no tools here that I could call.");
  });

  test("answers what it understood and names what it did not", async () => {
    const { text } = await createChat()("2+2, and who won the cup?");
    expect(text).toBe(
      "Calculator (2+2): <2+2>.\nI found no tool for “who won the cup”; I am the offline model, and only match words to tools.",
    );
  });

  test("knows only the tools of the principal", async () => {
    const { text, calls } = await createChat({ id: "g", roles: ["GUEST"] })("show my notes");
    expect(calls).toEqual([]);
    expect(text).not.toMatch(/notes\./);
  });

  test("goes on from the call before, across turns, with ids of their own", async () => {
    const chat = createChat();
    await chat("weather in Oslo in July");
    expect(toLog(await chat("and in Lisbon?"))).toEqual(['offline-2 weather.climate {"city":"Lisbon","month":7} ok']);
    await chat("add a note: buy milk");
    expect((await chat("and in Rome?")).calls.map(({ tool }) => tool)).not.toContain("notes.add");
  });

  test("answers the same to the same", async () => {
    const text = "convert 10 km to miles, roll 3 dice and show my notes";
    const [first, second] = [await createChat()(text), await createChat()(text)];
    expect(second.text).toBe(first.text);
    expect(toLog(second)).toEqual(toLog(first));
  });

  test("ends every chat, whatever the text, with every call answered", async () => {
    const words = fc.constantFrom(
      "weather",
      "Oslo",
      "Pariss",
      "and",
      "in",
      "Juli",
      "2+2",
      "note:",
      "time",
      "Tokyo",
      "10",
      "km",
      "to",
      "delete",
      "notes",
      ".",
      "roll",
      "999",
      "dice",
      "tagged",
      "X Y",
      "constructor",
    );
    const text = fc.oneof(
      fc.string({ maxLength: 80 }),
      fc.array(words, { maxLength: 12 }).map((list) => list.join(" ")),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(text, { minLength: 1, maxLength: 3 }), async (texts) => {
        const chat = createChat({ id: "a", roles: ["ADMIN"] });
        for (const said of texts) {
          const result = await chat(said);
          expect(result.stopped).toBe("answered");
          expect(result.steps).toBeLessThanOrEqual(5);
          expect(result.text).not.toBe("");
        }
      }),
      { numRuns: 60 },
    );
  });
});
