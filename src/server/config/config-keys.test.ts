import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { DEFAULT_CONCURRENCY, DEFAULT_LIMITS } from "../../quota/index.ts";
import { CONFIG_DEFAULTS, CONFIG_KEYS } from "./config-keys.ts";

const document = readFileSync(new URL("../../../docs/reference/config.md", import.meta.url), "utf8");

test("docs/reference/config.md has a row for every key and no other, word for word", () => {
  const rows = Object.entries(CONFIG_KEYS).map(
    ([name, row]) => `| \`${name}\` | ${row.accepts} | ${row.default} | ${row.description} |`,
  );
  const documented = document.split("\n").filter((line) => line.startsWith("| `"));
  expect(documented).toEqual(rows);
});

test("the defaults in words are the defaults in force", () => {
  for (const [name, value] of Object.entries(CONFIG_DEFAULTS)) {
    const words = CONFIG_KEYS[name as keyof typeof CONFIG_KEYS].default;
    expect(readNumbers(words), name).toBe(readNumbers(JSON.stringify(value)));
  }
});

// `{ capacity: 100, windowMs: 3_600_000 }` and `{"capacity":100,"windowMs":3600000}` say the same.
function readNumbers(text: string): string {
  return text.replaceAll(/[\s_"{}]/g, "");
}

test("the defaults that are the registry's are the registry's", () => {
  expect(CONFIG_KEYS.concurrency.default).toBe(
    DEFAULT_CONCURRENCY.map(({ max, per }) => `${max} per ${per.join(" and ")}`).join(", "),
  );
  expect(DEFAULT_LIMITS).toEqual([{ name: "default", per: ["principal"], ...CONFIG_DEFAULTS.defaultQuota }]);
});

test("pins the defaults of the original specification", () => {
  expect(CONFIG_DEFAULTS).toEqual({
    defaultRole: "USER",
    authentication: true,
    defaultQuota: { capacity: 100, windowMs: 3_600_000 },
    timeoutMs: 30_000,
    retries: 3,
    metricsRetentionMs: 86_400_000,
  });
});
