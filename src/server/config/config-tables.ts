// The tables of docs/reference/config.md, written from the schema. `config-tables.test.ts` holds the document to them.
import { toAccepted, toMeta } from "../problems/index.ts";
import { CONFIG_KEYS, type ConfigKey, toDefault } from "./config-keys.ts";

export interface ConfigTable {
  /** Null for the keys at the top. */
  readonly section: string | null;
  readonly rows: readonly string[];
}

/** A table of the keys at the top, and one for each of them that has keys of its own. */
export function toConfigTables(): readonly ConfigTable[] {
  const top = CONFIG_KEYS.filter(({ keys }) => keys.length === 1);
  const sections = top.map(({ path }) => ({
    section: path,
    rows: CONFIG_KEYS.filter(({ keys }) => keys.length > 1 && keys[0] === path).map(toRow),
  }));
  return [{ section: null, rows: top.map(toRow) }, ...sections.filter(({ rows }) => rows.length > 0)];
}

function toRow(key: ConfigKey): string {
  const description = toMeta(key.schema, "description");
  const applies = key.reload ? "at reload" : "at start";
  const cells = [`\`${key.path}\``, toAccepts(key), toFallback(key), applies, String(description)];
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}

function toAccepts({ path, schema, isSection }: ConfigKey): string {
  if (!isSection) return toAccepted(schema);
  const isSwitch = toAccepted(schema).startsWith("false");
  return `${isSwitch ? "false, or " : ""}an object with \`${path}.…\``;
}

function toFallback({ schema }: ConfigKey): string {
  const said = toMeta(schema, "fallback");
  return typeof said === "string" ? said : toWords(toDefault(schema));
}

/** A value as it is written in a program. */
function toWords(value: unknown): string {
  if (value === undefined) return "none";
  if (typeof value === "number") return value.toLocaleString("en-US").replaceAll(",", "_");
  if (Array.isArray(value)) return value.length === 0 ? "none" : value.map(toWords).join(", ");
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(([key, member]) => `${key}: ${toWords(member)}`);
  return members.length === 0 ? "that of each key" : `{ ${members.join(", ")} }`;
}
