// More to do than can be done: what cannot be done in time is turned away at once and told when to come again, the rest is
// answered, and whoever looks after the process gets an answer.
import { spawn } from "node:child_process";
import { expect, it } from "vitest";
import { type AnyTool, defineTool, Role } from "../../src/index.ts";
import { openWorld } from "./world.ts";

const burn = defineTool({
  ...{ name: "test.burn", version: "1.0.0", description: "Burns processor time.", effect: "read" },
  access: { roles: [Role.USER] },
  input: { type: "object" },
  handler() {
    const end = performance.now() + 20;
    while (performance.now() < end);
    return "burnt";
  },
}) as unknown as AnyTool;

interface Seen {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Clients of their own: in the process of the server they would only ask when it has time. */
const CLIENTS = `
const [url, authorization, count] = process.argv.slice(1);
const ask = async () => {
  const answer = await fetch(url, { method: "POST", headers: { authorization, "content-type": "application/json" }, body: "{}" });
  return { status: answer.status, headers: Object.fromEntries(answer.headers), body: await answer.text() };
};
const answers = await Promise.all(Array.from({ length: Number(count) }, ask));
process.stdout.write(JSON.stringify(answers));
`;

function askAtOnce(url: string, authorization: string, count: number): Promise<readonly Seen[]> {
  const child = spawn(process.execPath, ["--input-type=module", "-e", CLIENTS, url, authorization, String(count)]);
  let out = "";
  child.stdout.on("data", (chunk) => (out += String(chunk)));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", () => {
      resolve(JSON.parse(out) as readonly Seen[]);
    });
  });
}

it("answers some, turns the rest away, and is itself again afterwards", async () => {
  await using world = await openWorld({ tools: [burn], config: { server: { shedding: { eventLoopDelayMs: 30 } } } });
  const url = `${world.url}/v1/tools/test.burn/calls`;
  const answers = await askAtOnce(url, world.headersOf("user")["authorization"] ?? "", 120);
  const turnedAway = answers.filter(({ status }) => status === 503);
  expect(answers.filter(({ status }) => status === 200).length).toBe(120 - turnedAway.length);
  expect(turnedAway.length).toBeGreaterThan(0);
  expect(turnedAway.length).toBeLessThan(120);
  for (const { headers, body } of turnedAway) {
    expect(JSON.parse(body)).toMatchObject({ code: "SERVER_BUSY", status: 503, retryable: true, retryAfterMs: 1_000 });
    expect(headers["retry-after"]).toBe("1");
    expect(headers["content-security-policy"]).toContain("frame-ancestors 'none'");
    expect(headers["x-request-id"]).toMatch(/^req_/);
  }
  const ask = world.ask("POST", "/v1/tools/test.burn/calls", { who: "user", body: {} });
  const [health, more] = await Promise.all([world.ask("GET", "/healthz"), ask]);
  expect([health.status, more.status]).toEqual([200, 200]);
});
