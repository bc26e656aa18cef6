// What importing a file comes to: compared with what is stored, and every change made from the revision that was read. Nothing is written here.
import type { JsonValue } from "../kernel/json.ts";
import type { CatalogChange, CatalogStore, Change } from "../ports/catalog-store.ts";
import type { Setting, SettingChange, SettingStore } from "../ports/setting-store.ts";
import { type CatalogueDocument, SETTING_SECTIONS } from "./catalogue-document.ts";
import { diffFields, type FieldChange } from "./field-change.ts";
import type { PathProblem } from "./parse-yaml.ts";
import { planTool } from "./plan-tool.ts";
import { readKind, readStoredTools } from "./read-stores.ts";

export interface ImportChange {
  readonly change: "added" | "changed" | "removed";
  /** `tool`, `version`, or a kind of setting. */
  readonly what: string;
  /** `orders.get`, `orders.get@1.2.0`, or the id of a setting, its parts apart by `/`. */
  readonly name: string;
  /** What differs; empty unless it is changed. */
  readonly fields: readonly FieldChange[];
}

export interface ImportPlan {
  readonly changes: readonly ImportChange[];
  /** Things that are as the file says. */
  readonly unchanged: number;
  /** Things that are stored, and not in the file. They stay unless they are pruned. */
  readonly left: number;
  readonly catalog: readonly CatalogChange[];
  readonly settings: readonly SettingChange[];
  /** Settings as they will be. */
  readonly result: readonly Setting[];
  /** What cannot be imported. */
  readonly problems: readonly PathProblem[];
}

export interface PlanOptions {
  /** Whether what is not in the file goes. */
  readonly prune: boolean;
  /** Who imports it, when and why. */
  readonly change: Change;
}

interface Stored {
  readonly catalog: Pick<CatalogStore, "page">;
  readonly settings: Pick<SettingStore, "page">;
}

/** Compares `document` with what is stored. */
export async function planImport(
  stored: Stored,
  document: CatalogueDocument,
  options: PlanOptions,
): Promise<ImportPlan> {
  const tools = await planTools(stored, document, options);
  const settings = await planSettings(stored, document, options);
  return {
    changes: [...tools.changes, ...settings.changes],
    unchanged: tools.unchanged + settings.unchanged,
    left: tools.left + settings.left,
    catalog: tools.catalog,
    settings: settings.settings,
    result: settings.result,
    problems: tools.problems,
  };
}

type ToolsPlan = Pick<ImportPlan, "changes" | "unchanged" | "left" | "catalog" | "problems">;

async function planTools(stored: Stored, { tools }: CatalogueDocument, options: PlanOptions): Promise<ToolsPlan> {
  const catalog: CatalogChange[] = [];
  const plans: ReturnType<typeof planTool>[] = [];
  const seen = new Set<string>();
  let left = 0;
  for await (const entry of readStoredTools(stored.catalog)) {
    const { name, revision } = entry.tool;
    seen.add(name);
    const document = tools.get(name);
    if (document !== undefined) plans.push(planTool(name, entry, document, options));
    else if (!options.prune) left++;
    else {
      catalog.push({ name, expected: revision, tool: null, put: [], remove: [] });
      plans.push({ ...NOTHING, changes: [{ change: "removed", what: "tool", name, fields: [] }] });
    }
  }
  for (const [name, document] of tools) if (!seen.has(name)) plans.push(planTool(name, null, document, options));
  return {
    changes: plans.flatMap(({ changes }) => changes),
    unchanged: plans.reduce((sum, { unchanged }) => sum + unchanged, 0),
    left: plans.reduce((sum, plan) => sum + plan.left, left),
    catalog: [...catalog, ...plans.flatMap(({ change }) => (change === null ? [] : [change]))],
    problems: plans.flatMap(({ problems }) => problems),
  };
}

const NOTHING: Omit<ReturnType<typeof planTool>, "changes"> = { unchanged: 0, left: 0, change: null, problems: [] };

type SettingsPlan = Pick<ImportPlan, "changes" | "unchanged" | "left" | "settings" | "result">;

async function planSettings(
  stored: Stored,
  document: CatalogueDocument,
  { prune, change: by }: PlanOptions,
): Promise<SettingsPlan> {
  const changes: ImportChange[] = [];
  const settings: SettingChange[] = [];
  const result: Setting[] = [];
  let unchanged = 0;
  let left = 0;
  const put = (change: SettingChange, kind: ImportChange["change"], fields: readonly FieldChange[]): void => {
    changes.push({ change: kind, what: change.kind, name: change.id.replaceAll("\0", "/"), fields });
    settings.push(change);
    if (change.body !== null) result.push({ ...change, ...by, body: change.body, revision: change.expected + 1 });
  };
  for (const { kind } of SETTING_SECTIONS) {
    const wanted = new Map<string, JsonValue>(document.settings.get(kind));
    for await (const setting of readKind(stored.settings, kind)) {
      const { id, revision: expected, body: before } = setting;
      const body = wanted.get(id);
      wanted.delete(id);
      const fields = body === undefined ? [] : diffFields(before, body);
      if (body !== undefined && fields.length > 0) put({ kind, id, body, expected }, "changed", fields);
      else if (body === undefined && prune) put({ kind, id, body: null, expected }, "removed", []);
      else {
        result.push(setting);
        if (body === undefined) left++;
        else unchanged++;
      }
    }
    for (const [id, body] of wanted) put({ kind, id, body, expected: 0 }, "added", []);
  }
  return { changes, unchanged, left, settings, result };
}
