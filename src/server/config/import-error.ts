// Why a file could not be imported, in one line with the place, instead of a stack that is mostly Node's own.
import { basename } from "node:path";
import { pathToFileURL } from "node:url";

/** One or two lines: `<file>: threw at toolyard.config.ts:3:7: TypeError: …`. */
export function describeImportError(file: string, error: unknown): string {
  if (!(error instanceof Error)) return `${file}: threw ${JSON.stringify(error) ?? String(error)}, which is no Error`;
  const place = findPlace(file, error.stack ?? "");
  const at = place === null ? "" : ` at ${basename(file)}:${place}`;
  const code = (error as { code?: unknown }).code;
  if (code === "ERR_MODULE_NOT_FOUND") return `${file}: ${error.message}`;
  if (!(error instanceof SyntaxError)) return `${file}: threw${at}: ${error.name}: ${error.message}`;
  const hint = place === null ? ` ("node --check ${basename(file)}" shows where)` : "";
  return `${file}: cannot be read${at}: ${error.message}${hint}`;
}

// The first place in the stack that lies in the file: `file:///…/toolyard.config.ts:3:7`, or with a syntax error the
// path and the line alone.
function findPlace(file: string, stack: string): string | null {
  for (const name of [pathToFileURL(file).href, file]) {
    const start = stack.indexOf(`${name}:`);
    if (start === -1) continue;
    const found = /^\d+(?::\d+)?/.exec(stack.slice(start + name.length + 1));
    if (found !== null) return found[0];
  }
  return null;
}
