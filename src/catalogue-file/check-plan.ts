// What would keep a plan from being carried out: in the file itself, and among the settings as they would be together.
import { readStored } from "../core/catalogue/read-data.ts";
import { checkSettings } from "../core/settings/check-settings.ts";
import { createMemorySettingStore } from "../stores/memory/setting-store.ts";
import type { ToolSource } from "../tool/source.ts";
import { SETTING_SECTIONS } from "./catalogue-document.ts";
import type { PathProblem } from "./parse-yaml.ts";
import type { ImportPlan } from "./plan-import.ts";

type ProgramOptions = Parameters<typeof checkSettings>[1] & {
  /** Sources of the program: what is made of one of them has to be a tool. @default none */
  readonly sources?: Readonly<Record<string, ToolSource>>;
};

/** Everything that is wrong with the plan, for a program with these options: what it declares is what settings may name. */
export async function checkPlan(plan: ImportPlan, options: ProgramOptions): Promise<readonly PathProblem[]> {
  const problems = [...plan.problems, ...checkSources(plan, new Map(Object.entries(options.sources ?? {})))];
  if (plan.settings.length === 0) return problems;
  const store = createMemorySettingStore();
  for (const setting of plan.result) await store.set(setting, 0);
  const found = await checkSettings(store, options);
  return [...problems, ...found.map(({ path, message }) => ({ path: toPath(path), message }))];
}

/** Versions that are data, and that their sources would make no tool of. */
function checkSources({ catalog }: ImportPlan, sources: ReadonlyMap<string, ToolSource>): readonly PathProblem[] {
  return catalog.flatMap(({ name, put }) =>
    put
      .filter(({ source }) => sources.has(source))
      .flatMap(({ version, definition, digest }) => {
        const read = readStored(definition, digest, sources);
        const at = ["tools", name, "versions", version, "definition"];
        return read.ok
          ? []
          : read.problems.map(({ path, message }) => ({ path: at, message: `${path} ${message}`.trim() }));
      }),
  );
}

/** `grant "support"` is a setting of a known kind; the rest is about all of them. */
function toPath(text: string): PathProblem["path"] {
  const [, kind, id] = /^([a-z]+) (".*")$/s.exec(text) ?? [];
  const known = SETTING_SECTIONS.find((candidate) => candidate.kind === kind);
  return known === undefined || id === undefined
    ? ["settings"]
    : ["settings", known.section, ...(JSON.parse(id) as string).split("\0")];
}
