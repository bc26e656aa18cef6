// Section 4: who may see and call what.
import type { Outcome } from "../../../index.ts";
import { PEOPLE, type Section, type Stage } from "../section.ts";

interface Row {
  readonly tool: string;
  readonly admin: boolean;
  readonly user: boolean;
  readonly guest: boolean;
}
type Person = keyof typeof PEOPLE;
const NAMES: readonly Person[] = ["admin", "user", "guest"];

export async function showRoles({ registry }: Stage): Promise<Section> {
  const tools = registry.list();
  const rows: Row[] = [];
  let agreeing = 0;
  for (const { name, examples } of tools) {
    const row: Record<string, boolean> = {};
    for (const person of NAMES) {
      const called = await registry.execute(name, examples[0], { principal: PEOPLE[person], dryRun: true });
      row[person] = called.ok;
      const listed = registry.list({ principal: PEOPLE[person] }).some((tool) => tool.name === name);
      const permitted = registry.permissions.check(PEOPLE[person], name);
      if (listed === called.ok && permitted === called.ok) agreeing++;
    }
    rows.push({ tool: name, ...row } as unknown as Row);
  }
  const hidden = await registry.execute("notes.clear", {}, { principal: PEOPLE.guest });
  const missing = await registry.execute("notes.cleas", {}, { principal: PEOPLE.guest });
  const { explanation, changed } = await changePermissions(registry);
  return {
    title: "Roles: allowed and refused calls",
    explanation:
      "ADMIN inherits USER, which inherits GUEST. Each cell below is a call in a dry run, which goes through every check and touches nothing. " +
      "Lists, permissions and calls come from one decision, so they cannot disagree.",
    data: { rows, hidden: errorOf(hidden), missing: errorOf(missing), explanation },
    claims: [
      {
        text: `Call, list and permission agree in all ${rows.length * NAMES.length} cells.`,
        holds: agreeing === rows.length * NAMES.length,
      },
      {
        text: "notes.clear is for admins only.",
        holds: rows.some((row) => row.tool === "notes.clear" && row.admin && !row.user && !row.guest),
      },
      {
        text: "To a guest, a tool that is hidden and one that does not exist are the same: UNKNOWN_TOOL, with the same suggestions.",
        holds: !hidden.ok && !missing.ok && hidden.error.code === "UNKNOWN_TOOL" && sameRefusal(hidden, missing),
      },
      {
        text: "Permissions changed at run time take effect at once: a guest was let into notes.list, and out again.",
        holds: changed,
      },
    ],
    show({ table, line, paragraph, colors }) {
      const cell = (allowed: boolean) =>
        allowed ? { text: "✓", paint: colors.green } : { text: "–", paint: colors.dim };
      table(
        [{ title: "tool" }, ...NAMES.map((title) => ({ title }))],
        rows.map((row) => [row.tool, ...NAMES.map((person) => cell(row[person]))]),
      );
      line();
      paragraph(`Why may a guest not call notes.add? ${explanation.reason} (${explanation.rule})`);
    },
  };
}

async function changePermissions(registry: Stage["registry"]) {
  const may = (): boolean => registry.permissions.check(PEOPLE.guest, "notes.list");
  const before = may();
  await registry.permissions.set("notes.list", ["GUEST"]);
  const meanwhile = may();
  await registry.permissions.clear("notes.list");
  const { rule, reason } = registry.permissions.explain(PEOPLE.guest, "notes.add");
  return { explanation: { rule, reason }, changed: !before && meanwhile && !may() };
}

function errorOf(outcome: Outcome): unknown {
  return outcome.ok ? null : outcome.error;
}

/** The same but for the name that was asked for. */
function sameRefusal(hidden: Outcome, missing: Outcome): boolean {
  const text = (outcome: Outcome): string =>
    JSON.stringify(errorOf(outcome)).replaceAll("notes.clear", "?").replaceAll("notes.cleas", "?");
  return text(hidden) === text(missing);
}
