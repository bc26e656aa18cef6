// Loading the egress changes nothing for the `fetch` of the program that loads it.
import { expect, test } from "vitest";
import { ROOT } from "../../scripts/entries.ts";
import { runOrThrow } from "../../scripts/run.ts";

const SLOT = 'Symbol.for("undici.globalDispatcher.1")';

async function evaluate(program: string): Promise<string> {
  return (await runOrThrow(process.execPath, ["--input-type=module", "--eval", program], { cwd: ROOT })).trim();
}

test("leaves a dispatcher that the program has set", async () => {
  const program = `
    const own = { dispatch() {} };
    globalThis[${SLOT}] = own;
    await import("./src/net/index.ts");
    console.log(globalThis[${SLOT}] === own);
  `;
  expect(await evaluate(program)).toBe("true");
});

test("sets none where there is none, and fetch works", async () => {
  const program = `
    await import("./src/net/index.ts");
    console.log(globalThis[${SLOT}] === undefined, await (await fetch("data:,works")).text());
  `;
  expect(await evaluate(program)).toBe("true works");
});

test("would be noticed: the client alone sets one", async () => {
  const program = `
    await import("undici");
    console.log(globalThis[${SLOT}] === undefined);
  `;
  expect(await evaluate(program)).toBe("false");
});
