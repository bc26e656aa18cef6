// The peers: each calls the same async handler with the same arguments through its own in-process call path, set up as
// its documentation does and doing only what it does by itself. `does` says what that is; `probe` shows it.
import { executeTool } from "@ai-sdk/provider-utils";
import { tool as langchainTool } from "@langchain/core/tools";
import { createTool } from "@mastra/core/tools";
import { Client } from "@modelcontextprotocol/client";
import { InMemoryTransport, McpServer } from "@modelcontextprotocol/server";
import { RunContext, setTracingDisabled, tool as agentsTool } from "@openai/agents";
import { tool as aiTool } from "ai";
import { z } from "zod";

const description = "The weather of the next days in one city.";
const city = z.string();
const days = z.number().int().min(1).max(10);
const inputSchema = z.object({ city, units: z.enum(["c", "f"]).optional(), days });
const outputSchema = z.object({ city: z.string(), days: z.number(), temperature: z.number() });

/** `[{ name, does, call }]`; `call(args, argsAsJson)` resolves to whatever the peer makes of the handler's answer. */
export async function createContenders(handler) {
  return [
    createAiSdk(handler),
    createMastra(handler),
    createOpenaiAgents(handler, {}, "validates input; errors become text"),
    createOpenaiAgents(handler, { timeoutMs: 30_000 }, "validates input; deadline"),
    createLangchain(handler),
    await createMcp(handler),
  ];
}

function createAiSdk(handler) {
  const tool = aiTool({ description, inputSchema, execute: handler });
  return {
    name: "AI SDK executeTool",
    does: "streams outputs; validates nothing",
    async call(input) {
      let last;
      const options = { toolCallId: "1", messages: [] };
      for await (const part of executeTool({ tool, input, options, execute: tool.execute })) last = part.output;
      return last;
    },
  };
}

function createMastra(handler) {
  const tool = createTool({ id: "forecast", description, inputSchema, outputSchema, execute: handler });
  return {
    name: "Mastra createTool().execute",
    does: "validates input and output; no deadline",
    call: (input) => tool.execute(input, {}),
  };
}

function createOpenaiAgents(handler, options, does) {
  setTracingDisabled(true);
  // Its schemas are strict: what is optional is nullable there.
  const parameters = z.object({ city, units: z.enum(["c", "f"]).nullable(), days });
  const tool = agentsTool({ name: "forecast", description, parameters, execute: handler, ...options });
  const context = new RunContext({});
  return {
    name: `OpenAI Agents FunctionTool.invoke${options.timeoutMs === undefined ? "" : ", timeoutMs"}`,
    does,
    call: (_input, json) => tool.invoke(context, json),
  };
}

function createLangchain(handler) {
  const tool = langchainTool(handler, { name: "forecast", description, schema: inputSchema });
  return {
    name: "LangChain tool().invoke",
    does: "validates input; callbacks and run tree; no deadline",
    call: (input) => tool.invoke(input),
  };
}

async function createMcp(handler) {
  const server = new McpServer({ name: "bench", version: "1.0.0" });
  server.registerTool("forecast", { description, inputSchema, outputSchema }, async (input) => {
    const structuredContent = await handler(input);
    return { content: [{ type: "text", text: JSON.stringify(structuredContent) }], structuredContent };
  });
  const [ours, theirs] = InMemoryTransport.createLinkedPair();
  const client = new Client({ name: "bench", version: "1.0.0" });
  await Promise.all([server.connect(theirs), client.connect(ours)]);
  return {
    name: "MCP client → server in memory",
    does: "validates messages, input and output; deadline of the request",
    call: (input) => client.callTool({ name: "forecast", arguments: input }),
  };
}
