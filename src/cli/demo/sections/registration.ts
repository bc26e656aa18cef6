// Section 1: what is registered, and what becomes of a bad definition.
import { ToolyardError } from "../../../index.ts";
import { defineTool } from "../demo-app.ts";
import { demoTools } from "../demo-tools.ts";
import type { Section, Stage } from "../section.ts";

export async function showRegistration({ registry }: Stage): Promise<Section> {
  const tools = registry.list({ status: "any" }).map((tool) => ({
    name: tool.name,
    versions: registry.versions(tool.name).map(({ version }) => version),
    effect: tool.effect,
    access: registry.permissions.get(tool.name),
    category: tool.category,
  }));
  const versions = tools.reduce((sum, tool) => sum + tool.versions.length, 0);
  const check = await registry.check();
  const refusal = await registerBadTool(registry);
  return {
    title: "Registration and schemas",
    explanation:
      "A tool is a name, a version, a description, schemas, an effect, who may use it, and a handler. " +
      "Definitions are checked when they are registered, all or none; check() also compiles every schema and validates every example.",
    data: { tools, check, refusal },
    claims: [
      {
        text: `${versions} versions of ${tools.length} tools are registered, each one that was defined.`,
        holds: versions === demoTools.length,
      },
      {
        text: `check() compiled the schemas and validated the examples of ${check.checked} versions.`,
        holds: check.ok && check.checked === versions,
      },
      {
        text: `Of two tools registered together, one of them bad, none was: ${refusal.problems.length} problems, told at once.`,
        holds: refusal.problems.length >= 2 && !registry.has("demo.sound") && !registry.has("demo.bad"),
      },
    ],
    show({ table, line, paragraph, colors }) {
      table(
        [
          { title: "tool" },
          { title: "versions", overflow: "wrap" },
          { title: "effect" },
          { title: "who" },
          { title: "category" },
        ],
        tools.map((tool) => [
          { text: tool.name, paint: colors.cyan },
          tool.versions.join(", "),
          { text: tool.effect, paint: EFFECT_COLORS[tool.effect](colors) },
          tool.access.join(", "),
          tool.category,
        ]),
      );
      line();
      line(colors.dim("register(sound, bad) answers:"));
      for (const { path, message } of refusal.problems) paragraph(`- ${path}: ${message}`, 2);
    },
  };
}

type Colors = Parameters<Section["show"]>[0]["colors"];
const EFFECT_COLORS = {
  read: (colors: Colors) => colors.green,
  write: (colors: Colors) => colors.yellow,
  destructive: (colors: Colors) => colors.red,
} as const;

async function registerBadTool(registry: Stage["registry"]): Promise<Pick<ToolyardError, "message" | "problems">> {
  const sound = defineTool({ name: "demo.sound", version: "1.0.0", description: "Fine.", handler: () => 1 });
  const bad = defineTool({
    name: "demo.bad",
    version: "1.0",
    description: "Its version is no semantic version, and its schema has a type that does not exist.",
    input: { type: "object", properties: { when: { type: "date" } } },
    handler: () => 1,
  });
  try {
    await registry.register(sound, bad);
  } catch (error) {
    if (error instanceof ToolyardError) return { message: error.message, problems: error.problems };
    throw error;
  }
  return { message: "", problems: [] };
}
