// Tools that fail on purpose, each in its own way, to show what becomes of a call.
import { Role, type AnyTool } from "../../../index.ts";
import { defineTool, type DemoApp } from "../demo-app.ts";
import { wait } from "../wait.ts";

/** What `demo.crash` must never show to a caller. */
export const SECRET = "postgres://admin:hunter2@db.internal";

const common = {
  version: "1.0.0",
  tags: ["misbehaving"],
  effect: "read",
  access: { roles: [Role.USER] },
  // A repeat would hide what these tools are here to show.
  retry: false,
} as const;

export const flaky: AnyTool<DemoApp> = defineTool({
  ...common,
  name: "demo.flaky",
  title: "Flaky",
  description: "Answers with how often it was called, but fails at every third call.",
  output: { type: "object", properties: { calls: { type: "integer" } }, required: ["calls"] },
  examples: [{}],
  handler(_input, { app }) {
    app.flakyCalls++;
    if (app.flakyCalls % 3 === 0) throw new Error("the connection was reset");
    return { calls: app.flakyCalls };
  },
});

export const slow: AnyTool<DemoApp> = defineTool({
  ...common,
  name: "demo.slow",
  title: "Slow",
  description: "Waits as long as it is told to, in four steps, and says how far it is.",
  concurrency: [{ name: "slow", per: ["tenant"], max: 4 }],
  input: {
    type: "object",
    properties: {
      ms: { type: "integer", minimum: 0, maximum: 10_000, description: "Milliseconds to wait. 400 when left out." },
    },
    additionalProperties: false,
  },
  output: { type: "object", properties: { waitedMs: { type: "integer" } }, required: ["waitedMs"] },
  examples: [{ ms: 20 }],
  async *handler(input, { app, signal }) {
    const { ms = 400 } = input as { ms?: number };
    for (let step = 1; step <= 4; step++) {
      await wait(app.clock, ms / 4, signal);
      yield { type: "progress", fraction: step / 4, message: `step ${step} of 4` };
    }
    return { waitedMs: ms };
  },
});

export const hang: AnyTool<DemoApp> = defineTool({
  ...common,
  name: "demo.hang",
  title: "Hang",
  description: "Never answers and does not listen to its signal. Its deadline is 250 ms.",
  timeoutMs: 250,
  examples: [{}],
  handler: () => new Promise<never>(() => {}),
});

export const crash: AnyTool<DemoApp> = defineTool({
  ...common,
  name: "demo.crash",
  title: "Crash",
  description: "Throws an error whose message holds a secret.",
  examples: [{}],
  handler(): never {
    throw new Error(`connect ECONNREFUSED ${SECRET}`);
  },
});
