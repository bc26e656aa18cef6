// The codes of requests that never become a call are a promise: clients branch on them.
import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { FAULT_CODES } from "../../src/errors/codes.ts";
import { type AnyCode, HTTP_CODES, toRow } from "../../src/server/http/http-codes.ts";

const text = await readFile(new URL("../../docs/reference/errors.md", import.meta.url), "utf8");
const section = text.split("\n## Over HTTP\n")[1] ?? "";

test("has the codes it promises, each with its status", () => {
  expect(Object.fromEntries(Object.entries(HTTP_CODES).map(([code, { status }]) => [code, status]))).toEqual({
    ...{ INVALID_REQUEST: 400, INVALID_URL: 400, ORIGIN_REFUSED: 403, NOT_FOUND: 404, METHOD_NOT_ALLOWED: 405 },
    ...{ REQUEST_TIMEOUT: 408, BODY_TOO_LARGE: 413, UNSUPPORTED_MEDIA_TYPE: 415, HOST_REFUSED: 421, RATE_LIMITED: 429 },
    ...{ HEADERS_TOO_LARGE: 431, SERVER_BUSY: 503, AUTH_UNAVAILABLE: 503 },
  });
});

test("docs/reference/errors.md documents every code of a request as the table has it, and no other", () => {
  const rows = [...section.matchAll(/^\| `([A-Z_]+)` \| (\d+) \| (.+?) \|/gm)].filter(
    ([line]) => line.split("|").length === 5,
  );
  const shown = rows.map(([, code, status, title]) => [code, { status: Number(status), title }]);
  expect(Object.fromEntries(shown)).toEqual(HTTP_CODES);
});

test("docs/reference/errors.md tells the status of every fault", () => {
  const shown = new Map(
    [...section.matchAll(/^\| ((?:`[A-Z_]+`(?:, )?)+) \| (\d+) \|$/gm)].flatMap(([, codes = "", status]) =>
      [...codes.matchAll(/`([A-Z_]+)`/g)].map(([, code]) => [code as AnyCode, Number(status)] as const),
    ),
  );
  for (const code of Object.keys(FAULT_CODES) as AnyCode[]) {
    if (code === "CLOSED") continue;
    expect([code, toRow(code).status]).toEqual([code, shown.get(code) ?? 500]);
  }
});
