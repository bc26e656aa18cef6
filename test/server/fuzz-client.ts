// Sends requests that no well-behaved client would, and looks at what every answer has to be.
import { Agent, request as openRequest } from "node:http";
import { connect } from "node:net";
import { expect } from "vitest";
import { ERROR_CODES, FAULT_CODES } from "../../src/errors/codes.ts";
import { type AnyCode, HTTP_CODES, toRow } from "../../src/server/http/index.ts";
import type { RestRoute } from "../../src/server/rest/index.ts";
import type { Who, World } from "./world.ts";

export interface FuzzRequest {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Sent as it is, in place of `body`. */
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface FuzzAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly text: string;
  readonly json: unknown;
}

/** A longer wait is a hang: whatever is asked, it is answered or refused. */
const PATIENCE_MS = 5_000;
const agent = new Agent({ keepAlive: true, maxSockets: 4 });
/** What tells of the inside: stacks, places of files, the database's own words. None of it is in the strings that are sent. */
const INSIDE =
  /\n\s+at |\.(?:ts|js):\d|node_modules|node:internal|SQLITE_|sqlite3?\b|toolyard-server-|TypeError|RangeError|ReferenceError|Cannot read prop|is not a function|is not iterable/;

/** Every UTF-16 unit of `text` as a part of a path; halves of pairs as the bytes that UTF-8 forbids. */
export function toPart(text: string): string {
  let part = "";
  for (const unit of text) {
    const code = unit.codePointAt(0) ?? 0;
    const isHalf = code >= 0xd800 && code <= 0xdfff;
    part += isHalf ? `%ED%${(0x80 | ((code >> 6) & 0x3f)).toString(16)}%80` : encodeURIComponent(unit);
  }
  return part;
}

export function toTarget(route: Pick<RestRoute, "path">, { params = {}, query = {} }: FuzzRequest): string {
  const path = route.path.replace(/\{(\w+)\}/g, (_all, name: string) => toPart(params[name] ?? "x"));
  const pairs = Object.entries(query).map(([name, value]) => `${toPart(name)}=${toPart(value)}`);
  return pairs.length === 0 ? path : `${path}?${pairs.join("&")}`;
}

export function toText({ body, text }: FuzzRequest): string | undefined {
  return text ?? (body === undefined ? undefined : JSON.stringify(body));
}

/** Sends it over `node:http`, which changes nothing of the path. */
export function ask(world: World, route: RestRoute, who: Who, request: FuzzRequest): Promise<FuzzAnswer> {
  const content = toText(request);
  const { promise, resolve, reject } = Promise.withResolvers<FuzzAnswer>();
  const sent = openRequest(
    world.url,
    {
      ...{ agent, method: route.method, path: toTarget(route, request), timeout: PATIENCE_MS },
      headers: {
        ...(content !== undefined && {
          "content-type": "application/json",
          "content-length": Buffer.byteLength(content),
        }),
        ...world.headersOf(who),
        ...request.headers,
      },
    },
    (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => {
        const text = Buffer.concat(chunks).toString("utf8");
        const { statusCode: status = 0, headers } = response;
        resolve({ status, headers, text, json: toJson(headers["content-type"], text) });
      });
    },
  );
  sent.on("timeout", () => {
    sent.destroy(new Error(`no answer in ${PATIENCE_MS} ms: ${route.method} ${toTarget(route, request)}`));
  });
  sent.on("error", reject);
  sent.end(content);
  return promise;
}

/** Sends bytes that are perhaps no HTTP, and gives back the first answer; null: the connection was closed without one. */
export function askRaw(world: World, bytes: Buffer): Promise<FuzzAnswer | null> {
  const { promise, resolve, reject } = Promise.withResolvers<FuzzAnswer | null>();
  const socket = connect(Number(new URL(world.url).port), "127.0.0.1");
  const chunks: Buffer[] = [];
  socket.setTimeout(PATIENCE_MS, () => {
    socket.destroy();
    reject(new Error(`no end in ${PATIENCE_MS} ms: ${bytes.toString("latin1").slice(0, 300)}`));
  });
  socket.on("data", (chunk) => chunks.push(chunk));
  socket.on("error", () => {
    // Whoever is refused while it still sends may see a reset; what came before it counts.
  });
  socket.on("close", () => {
    resolve(toAnswer(Buffer.concat(chunks)));
  });
  socket.end(bytes);
  return promise;
}

function toAnswer(bytes: Buffer): FuzzAnswer | null {
  const whole = bytes.toString("latin1");
  const [, status, fields = ""] = /^HTTP\/1\.1 (\d{3}) [^\r\n]*\r\n(.*?)\r\n\r\n/s.exec(whole) ?? [];
  if (status === undefined) return null;
  const lines = fields.split("\r\n").map((line) => /^([^:]+): ?(.*)$/.exec(line) ?? [line, "", ""]);
  const headers = Object.fromEntries(lines.map(([, name = "", value = ""]) => [name.toLowerCase(), value]));
  const start = whole.indexOf("\r\n\r\n") + 4;
  const length = Number(headers["content-length"] ?? bytes.length - start);
  const text = bytes.subarray(start, start + length).toString("utf8");
  return { status: Number(status), headers, text, json: toJson(headers["content-type"], text) };
}

function toJson(type: string | undefined, text: string): unknown {
  return type?.includes("json") === true ? JSON.parse(text) : undefined;
}

/** Holds for every answer there is. `told`: what was asked, for whoever reads a failure. */
export function expectSound(route: RestRoute, answer: FuzzAnswer, told: string): void {
  const { status, headers, text, json } = answer;
  const what = `${told}\n→ ${status} ${text.slice(0, 600)}`;
  expect(({} as { polluted?: unknown }).polluted, what).toBeUndefined();
  // The document and its page are ours, whoever asks.
  if (route.id !== "getDocs" && route.id !== "getOpenapi") expect(text, what).not.toMatch(INSIDE);
  expect(headers["x-content-type-options"] ?? (status === 400 && headers["connection"]), what).toBeTruthy();
  if (status < 400) return;
  expect(headers["content-type"], what).toMatch(/^application\/problem\+json/);
  const { code, status: said, type, title, detail } = json as Record<string, unknown>;
  expect(isCode(code), what).toBe(true);
  expect([status, said, title], what).toEqual([toRow(code as AnyCode).status, status, toRow(code as AnyCode).title]);
  expect([typeof type, typeof detail], what).toEqual(["string", "string"]);
  if (status >= 500) expect(isAllowed(route, code as AnyCode), what).toBe(true);
}

/** Faults of the server's own are never allowed; what a tool did or could not do is, where the route says so. */
function isAllowed(route: RestRoute, code: AnyCode): boolean {
  if (code === "STOPPED") return route.tag === "calls" || route.tag === "bindings";
  return route.errors.includes(code) && route.tag === "calls";
}

function isCode(code: unknown): boolean {
  return (
    typeof code === "string" &&
    (Object.hasOwn(HTTP_CODES, code) || Object.hasOwn(ERROR_CODES, code) || Object.hasOwn(FAULT_CODES, code))
  );
}

/** What a success answers is what its route says it answers. */
export function expectAnswer(route: RestRoute, { status, headers, text, json }: FuzzAnswer, told: string): void {
  if (status === 304 || String(headers["content-type"]).startsWith("text/event-stream")) return;
  const what = `${told}\n→ ${status} ${text.slice(0, 600)}`;
  expect(status, what).toBe(route.status);
  if (route.answer === null) {
    expect(text, what).toBe("");
    return;
  }
  const isPage = String(headers["content-type"]).startsWith("text/html");
  const { success, error } = route.answer.safeParse(isPage ? text : json);
  expect([success, error?.issues.slice(0, 3)], what).toEqual([true, undefined]);
}
