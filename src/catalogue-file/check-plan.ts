// What would keep a plan from being carried out: in the file itself, and among the settings as they would be together.
import { checkSettings } from "../core/settings/check-settings.ts";
import { createMemorySettingStore } from "../stores/memory/setting-store.ts";
import { SETTING_SECTIONS } from "./catalogue-document.ts";
import type { PathProblem } from "./parse-yaml.ts";
import type { ImportPlan } from "./plan-import.ts";

type ProgramOptions = Parameters<typeof checkSettings>[1];

/** Everything that is wrong with the plan, for a program with these options: what it declares is what settings may name. */
export async function checkPlan(plan: ImportPlan, options: ProgramOptions): Promise<readonly PathProblem[]> {
  if (plan.settings.length === 0) return plan.problems;
  const store = createMemorySettingStore();
  for (const setting of plan.result) await store.set(setting, 0);
  const found = await checkSettings(store, options);
  return [...plan.problems, ...found.map(({ path, message }) => ({ path: toPath(path), message }))];
}

/** `grant "support"` is a setting of a known kind; the rest is about all of them. */
function toPath(text: string): PathProblem["path"] {
  const [, kind, id] = /^([a-z]+) (".*")$/s.exec(text) ?? [];
  const known = SETTING_SECTIONS.find((candidate) => candidate.kind === kind);
  return known === undefined || id === undefined
    ? ["settings"]
    : ["settings", known.section, ...(JSON.parse(id) as string).split("\0")];
}
