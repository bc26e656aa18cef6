// `toolyard demo`: the guided example, or with `--interactive` a chat over its tools.
import { Option } from "commander";
import { createModelOptions, readModelSpec } from "../models/model-spec.ts";
import type { Verb } from "../verb.ts";
import { startChat } from "./chat.ts";

export const demoVerb: Verb = {
  name: "demo",
  summary: "run the guided example, or chat with its tools",
  arguments: [],
  options: [new Option("--interactive", "chat with the demo's tools instead"), ...createModelOptions()],
  examples: [
    { command: "demo", does: "everything in a few seconds, each claim checked" },
    { command: "demo --interactive", does: "a chat with the demo's tools, without network" },
    { command: "demo --interactive --model anthropic:claude-sonnet-5", does: "the same with a real model" },
    { command: "demo --json", does: "the sections as data" },
  ],
  async run(session, _args, options) {
    // Loaded by who uses it: whoever starts a server waits for none of it.
    if (options["interactive"] === true) {
      const { openDemoProject } = await import("../demo/demo-project.ts");
      await using project = await openDemoProject(session.io.clock);
      return await startChat(session, project, options, "the demo");
    }
    const spec = readModelSpec(options);
    const { runDemo } = await import("../demo/run-demo.ts");
    const { openModel } = await import("../models/open-model.ts");
    return runDemo(session, await openModel(session.io, spec), spec === null);
  },
};
