// `toolyard schema`: tools as a model's API takes them, or their JSON Schemas.
import { Option } from "commander";
import { anthropic } from "../../providers/anthropic/index.ts";
import { gemini } from "../../providers/gemini/index.ts";
import { openai, type BindingOptions, type ToolReport } from "../../providers/openai/index.ts";
import { findNearest } from "../../kernel/nearest.ts";
import type { Registry } from "../../index.ts";
import { CliError } from "../cli-error.ts";
import { EXIT } from "../exit-code.ts";
import { type Output, toJsonText, toSafeLine } from "../output/index.ts";
import { openProject } from "../project.ts";
import type { Verb } from "../verb.ts";

/** The tools of a binding, with its report. */
type Bind = (
  registry: Registry<never>,
  options: BindingOptions,
) => { readonly tools: readonly unknown[]; readonly report: readonly ToolReport[] };

const BINDINGS: Readonly<Record<string, Bind>> = {
  openai: (registry, options) => openai(registry, options),
  "openai-chat": (registry, options) => openai(registry, { ...options, format: "chat" }),
  anthropic: (registry, options) => anthropic(registry, options),
  gemini: (registry, options) => gemini(registry, options),
};

export const schemaVerb: Verb = {
  name: "schema",
  summary: "print tools in the formats of models' providers or as JSON Schema",
  arguments: [["[tool]", "one tool, alone or with a version or range; all of them when left out"]],
  options: [
    new Option(
      "--format <format>",
      "of OpenAI's Responses API, of Chat Completions, of Anthropic, of Gemini, or plain JSON Schema",
    )
      .choices([...Object.keys(BINDINGS), "json-schema"])
      .default("openai"),
    new Option("--strict <mode>", "never, where a tool allows it, or for all (exit 1 when one does not)")
      .choices(["off", "prefer", "require"])
      .default("off"),
  ],
  examples: [
    { command: "schema", does: "every tool for OpenAI's Responses API" },
    { command: "schema orders.get@^1 --format json-schema", does: "input and output schema of one version" },
    {
      command: "schema --format anthropic --strict prefer",
      does: "every tool for Anthropic, and why one is not strict",
    },
    { command: "schema --strict require", does: "for CI: exits 1 when a tool cannot be strict" },
  ],
  async run(session, [ref], { format, strict }) {
    await using project = await openProject(session);
    const { output } = session;
    if (ref !== undefined) assertPublished(project.registry, ref);
    const bind = BINDINGS[String(format)];
    if (bind === undefined) {
      if (strict !== "off") throw new CliError("--strict is for the formats of providers, not for json-schema");
      const found = toJsonSchemas(project.registry, ref);
      output.data(ref === undefined ? found : found[0]);
      return EXIT.ok;
    }
    const { tools, report } = bind(project.registry, {
      strict: strict as "off" | "prefer" | "require",
      ...(ref !== undefined && { select: { names: [ref] } }),
    });
    if (output.json) {
      output.data({ tools, report });
    } else {
      output.line(toJsonText(ref === undefined ? tools : tools[0]));
      noteLosses(output, report);
    }
    return EXIT.ok;
  },
};

function toJsonSchemas(registry: Registry<never>, ref: string | undefined): readonly object[] {
  const tools = ref === undefined ? registry.list() : [registry.get(ref)].filter((tool) => tool !== undefined);
  return tools.map(({ name, version, description, inputSchema, outputSchema }) => ({
    name,
    version,
    description,
    inputSchema,
    outputSchema,
  }));
}

function assertPublished(registry: Registry<never>, ref: string): void {
  if (registry.has(ref)) return;
  const names = registry.list().map(({ name }) => name);
  const near = findNearest(ref, names, 1)[0];
  const hint = near === undefined ? `"toolyard tools" lists what there is` : `did you mean ${near}?`;
  throw new CliError(`there is no tool ${JSON.stringify(ref)}; ${hint}`);
}

/** What a format could not express, which nobody would see in the schemas. */
function noteLosses({ note, colors }: Output, report: readonly ToolReport[]): void {
  for (const { tool, reason, changes } of report) {
    if (reason !== null) note(colors.yellow(`${toSafeLine(tool)}: not strict: ${toSafeLine(reason)}`));
    for (const change of changes)
      note(
        colors.dim(`${toSafeLine(tool)}: ${toSafeLine(typeof change === "string" ? change : toJsonText(change, 0))}`),
      );
  }
}
