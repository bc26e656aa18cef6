// Whether it is the data that a database refuses, whoever comes with it and however often: trying again helps nobody.
import { UnwritableEvent } from "./batch.ts";

/** SQLite, by the lower byte of its codes: too big, constraint, mismatch (https://www.sqlite.org/rescode.html). */
const SQLITE_CODES: ReadonlySet<number> = new Set([18, 19, 20]);
/** PostgreSQL, by the class of the SQLSTATE: data exception, integrity constraint violation, program limit exceeded. */
const POSTGRES_CLASSES: ReadonlySet<string> = new Set(["22", "23", "54"]);

/** Whether `error` says that something cannot be written at all. */
export function isDataError(error: unknown): boolean {
  if (error instanceof UnwritableEvent || error instanceof TypeError || error instanceof RangeError) return true;
  const { code = "", errcode } = error as { readonly code?: string; readonly errcode?: number };
  if (errcode !== undefined) return SQLITE_CODES.has(errcode & 0xff);
  return code.length === 5 && POSTGRES_CLASSES.has(code.slice(0, 2));
}
