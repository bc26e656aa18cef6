// `toolyard tools`: what there is, and with `--check` whether it is sound.
import { Option } from "commander";
import type { ListFilter, Registry } from "../../index.ts";
import { parseRole } from "../caller.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { openProject, type Project } from "../project.ts";
import { assertUsed, printTools, toCount } from "../tool-table.ts";
import { createUrlOption, type Session, type Verb, type VerbOptions } from "../verb.ts";

export const toolsVerb: Verb = {
  name: "tools",
  summary: "list the tools of the configuration, or check them",
  arguments: [],
  options: [
    new Option("--check", "compile every schema and validate every example"),
    new Option("--category <name>", "only this category"),
    new Option("--tag <tag>", "only with this tag"),
    new Option("--text <words>", "only where name, title, description or tags have all these words"),
    new Option("--as <role>", "only what this role may see"),
    new Option("--status <status>", "only with this status, rather than active and deprecated").choices([
      "active",
      "deprecated",
      "retired",
      "any",
    ]),
    createUrlOption(),
  ],
  examples: [
    { command: "tools", does: "everything that is active or deprecated" },
    { command: "tools --as guest", does: "what a guest may see" },
    { command: "tools --check", does: "for CI: exits 1 when a tool has a problem" },
    { command: "tools --json", does: "with schemas, for programs" },
  ],
  remote: {
    refuses: ["check", "as"],
    run: async (...asked) => (await import("../remote/tools.ts")).listToolsRemotely(...asked),
  },
  async run(session, _args, options) {
    await using project = await openProject(session);
    return options["check"] === true ? await check(session, project.registry) : list(session, project, options);
  },
};

async function check({ output }: Session, registry: Registry<never>): Promise<ExitCode> {
  const report = await registry.check();
  if (output.json) {
    output.data(report);
  } else if (report.ok) {
    output.line(`${output.colors.green("ok")}  no problems in ${toCount(report.checked, "version")}`);
  } else {
    for (const { path, message } of report.problems) output.text(`${path}: ${message}`);
    output.line(
      output.colors.red(`${toCount(report.problems.length, "problem")} in ${toCount(report.checked, "version")}`),
    );
  }
  return report.ok ? EXIT.ok : EXIT.refused;
}

function list({ output }: Session, project: Project, options: VerbOptions): ExitCode {
  const found = project.registry.list(toFilter(project, options));
  if (output.json) {
    output.data(found);
    return EXIT.ok;
  }
  printTools(output, found, ({ name }) => project.registry.permissions.get(name).join(", "));
  return EXIT.ok;
}

function toFilter(project: Project, options: VerbOptions): ListFilter {
  const { category, tag, text, status, as } = options as Readonly<Record<string, string | undefined>>;
  assertUsed(project.registry.list({ status: "any" }), { category, tag });
  return {
    ...(category !== undefined && { category }),
    ...(tag !== undefined && { tag }),
    ...(text !== undefined && { text }),
    ...(status !== undefined && { status: status as NonNullable<ListFilter["status"]> }),
    ...(as !== undefined && { principal: { id: "cli", roles: [parseRole(as, project.roles)] } }),
  };
}
