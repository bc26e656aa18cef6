// What the lines of a backup are. JSON, one value a line: a header, then each table (its name and columns, and a line for each row),
// then a trailer with the SHA-256 of everything before it. The file is the lines, gzipped.
import { ToolyardError } from "../../../errors/toolyard-error.ts";
import { isObject } from "../../../kernel/json.ts";
import type { Part } from "../database.ts";
import { PARTS, type StoredRow } from "./plain-tables.ts";

/** Grows when older code could not read what newer code writes. */
const ARCHIVE_VERSION = 1;
const FORMAT = "toolyard.backup";
/** A definition, a body of an event, an answer: none is a tenth of it. */
export const MAX_LINE_BYTES: number = 16 * 1_048_576;

export interface ArchiveTable {
  readonly part: Part;
  readonly name: string;
  readonly columns: readonly string[];
  /** How many rows follow. */
  readonly rows: number;
}

export interface ArchiveHeader {
  readonly format: typeof FORMAT;
  readonly version: number;
  /** When it was made, epoch ms. */
  readonly at: number;
  /** Versions of the tables. */
  readonly parts: Readonly<Record<Part, number>>;
  /** In the order in which they follow. */
  readonly tables: readonly ArchiveTable[];
}

export interface ArchiveTrailer {
  /** Of all rows. */
  readonly rows: number;
  /** SHA-256 of all bytes before the trailer, before they are compressed, hex. */
  readonly sha256: string;
}

/** The header of an archive made now. */
export function toArchiveHeader(rest: Pick<ArchiveHeader, "at" | "parts" | "tables">): ArchiveHeader {
  return { format: FORMAT, version: ARCHIVE_VERSION, ...rest };
}

/** The refusal of an archive. */
export function badArchive(reason: string, cause?: unknown): ToolyardError {
  return new ToolyardError("STORE_UNUSABLE", `backup cannot be used: ${reason}. Nothing was changed`, { cause });
}

/** Throws when `value` is no header, or one that this version cannot read. */
export function parseArchiveHeader(value: unknown): ArchiveHeader {
  const { format, version, at, parts, tables } = toObject(value, "its first line");
  if (format !== FORMAT) throw badArchive("it is no backup of a registry: its first line does not say so");
  if (version !== ARCHIVE_VERSION) {
    const made = `its format is version ${String(version)}, and this Toolyard reads version ${ARCHIVE_VERSION}`;
    throw badArchive(`${made}; restore it with the one that made it`);
  }
  if (!isCount(at) || !Array.isArray(tables) || tables.length > 1_000) throw badArchive("its first line is damaged");
  const versions = toObject(parts, "its versions");
  return {
    format: FORMAT,
    version,
    at,
    parts: { state: toPartVersion(versions, "state"), ledger: toPartVersion(versions, "ledger") },
    tables: tables.map(parseTable),
  };
}

function toPartVersion(versions: Readonly<Record<string, unknown>>, part: Part): number {
  const version = versions[part];
  if (!isCount(version) || version < 1 || version > 10_000) throw badArchive(`its version of ${part} is damaged`);
  return version;
}

function parseTable(value: unknown): ArchiveTable {
  const { part, name, columns, rows } = toObject(value, "a table of it");
  const known = PARTS.find((candidate) => candidate === part);
  const isSound =
    known !== undefined &&
    isName(name) &&
    isCount(rows) &&
    Array.isArray(columns) &&
    columns.length > 0 === rows > 0 &&
    columns.length <= 1_000 &&
    columns.every(isName);
  if (!isSound) throw badArchive("a table of it is damaged");
  return { part: known, name, columns, rows };
}

/** Throws when `value` is no trailer. */
export function parseArchiveTrailer(value: unknown): ArchiveTrailer {
  const { rows, sha256 } = toObject(toObject(value, "its end")["end"], "its end");
  if (!isCount(rows) || typeof sha256 !== "string") throw badArchive("its end is damaged");
  return { rows, sha256 };
}

/** Throws when `value` is no row of so many columns. */
export function parseArchiveRow(value: unknown, { name, columns }: ArchiveTable): StoredRow {
  if (Array.isArray(value) && value.length === columns.length && value.every(isStored)) return value;
  throw badArchive(`a row of ${name} is damaged`);
}

function isStored(value: unknown): boolean {
  return value === null || typeof value === "string" || (typeof value === "number" && Number.isFinite(value));
}

function isName(value: unknown): value is string {
  return typeof value === "string" && /^[a-z][a-z0-9_]{0,62}$/.test(value);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function toObject(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (isObject(value)) return value;
  throw badArchive(`${what} is damaged`);
}
