// `toolyard chat`: talk to a model that may use the tools.
import { Option } from "commander";
import { parseRole } from "../caller.ts";
import type { ExitCode } from "../exit-code.ts";
import { loadSessionConfig } from "../load-session-config.ts";
import { createModelOptions, readModelSpec } from "../models/model-spec.ts";
import { openConfigured, type Project } from "../project.ts";
import type { Session, Verb, VerbOptions } from "../verb.ts";

export const chatVerb: Verb = {
  name: "chat",
  summary: "chat in the terminal with a model that may use the tools",
  arguments: [],
  options: [
    new Option("--as <role>", "begin as this role; without it, the configuration's default role"),
    ...createModelOptions(),
    new Option("--yes", "do not ask before a tool that writes is called"),
  ],
  examples: [
    { command: "chat", does: "the offline model and your tools; without a configuration, the demo's" },
    { command: "chat --as guest", does: "as a guest" },
    { command: "chat --model openai:gpt-5.4-mini", does: "a real model; its key is in OPENAI_API_KEY" },
    { command: "chat --json < questions.txt", does: "a line of JSON for each question" },
  ],
  async run(session, _args, options) {
    const loaded = await loadSessionConfig(session);
    await using project = loaded === null ? await openDemo(session) : await openConfigured(loaded, session);
    return await startChat(
      session,
      project,
      options,
      loaded === null ? "the demo's tools (there is no configuration)" : loaded.file,
    );
  },
};

async function openDemo({ io }: Session): Promise<Project> {
  const { openDemoProject } = await import("../demo/demo-project.ts");
  return openDemoProject(io.clock);
}

/** Greets and runs a chat over a project's tools. */
export async function startChat(
  session: Session,
  project: Project,
  options: VerbOptions,
  source: string,
): Promise<ExitCode> {
  const { runChat } = await import("../chat/chat.ts");
  const { openModel } = await import("../models/open-model.ts");
  const { io, output } = session;
  const as = options["as"] as string | undefined;
  const principal = { id: "chat", ...(as !== undefined && { roles: [parseRole(as, project.roles)] }) };
  const model = await openModel(io, readModelSpec(options));
  if (!output.json) {
    output.text(`${project.registry.list({ principal }).length} tools from ${source}; model: ${model.name}`);
    output.line(output.colors.dim("/help lists the commands, /quit leaves"));
  }
  const yes = options["yes"] === true;
  return runChat({ io, output, registry: project.registry, model, roles: project.roles, principal, yes });
}
