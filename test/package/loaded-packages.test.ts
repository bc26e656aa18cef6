// What importing an entry costs: the exact set of npm packages that come with it. A package that appears here by
// surprise is one that every user of the entry loads.
import { describe, expect, test } from "vitest";
import { ENTRIES, ROOT } from "../../scripts/entries.ts";
import { runOrThrow } from "../../scripts/run.ts";

// What checks schemas brings three of its own.
const AJV = ["ajv", "ajv-formats", "fast-deep-equal", "fast-uri", "json-schema-traverse"];
const CORE = [...AJV, "canonicalize", "fastest-levenshtein", "re2js", "semver"].toSorted();

const LOADED: Readonly<Record<string, readonly string[]>> = {
  toolyard: CORE,
  // The client is the user's: only its types are ours to use.
  "toolyard/openai": ["canonicalize", "fastest-levenshtein"],
  "toolyard/anthropic": ["canonicalize", "fastest-levenshtein"],
  "toolyard/gemini": ["canonicalize", "fastest-levenshtein"],
  "toolyard/ai-sdk": ["canonicalize", "fastest-levenshtein"],
  // LangChain's core, whose classes its tools and messages have to be of, with what that brings.
  "toolyard/langchain": [
    ...[
      "@cfworker/json-schema",
      "@langchain/core",
      "base64-js",
      "canonicalize",
      "eventemitter3",
      "fastest-levenshtein",
    ],
    ...["js-tiktoken", "langsmith", "p-finally", "p-queue", "p-timeout", "zod"],
  ],
  "toolyard/agent": ["canonicalize", "fastest-levenshtein"],
  "toolyard/client": [],
  // The schema, and the files of data.
  "toolyard/config": [...CORE, "zod"].toSorted(),
  "toolyard/keys": ["fastest-levenshtein"],
  "toolyard/secrets": ["canonicalize", "fastest-levenshtein"],
  // The way out with its client.
  "toolyard/http": [...CORE, "ipaddr.js", "undici"].toSorted(),
  "toolyard/stores/file": ["canonicalize", "fastest-levenshtein"],
  // The client with what it brings; nobody else loads it.
  "toolyard/stores/postgres": [
    ...["fastest-levenshtein", "kysely", "pg", "pg-connection-string", "pg-int8", "pg-pool", "pg-protocol", "pg-types"],
    ...["postgres-array", "postgres-bytea", "postgres-date", "postgres-interval", "xtend"],
  ],
  "toolyard/stores/sqlite": ["fastest-levenshtein", "kysely", "semver"],
  "toolyard/telemetry": ["@opentelemetry/api"],
  // "Did you mean" for the options of the fault injector.
  "toolyard/testing": ["fastest-levenshtein"],
};

/** The npm packages that `program` loads, an ES module. */
async function listLoaded(program: string): Promise<readonly string[]> {
  const recorder = new URL("record-packages.ts", import.meta.url).href;
  const output = await runOrThrow(process.execPath, ["--import", recorder, "--input-type=module", "--eval", program], {
    cwd: ROOT,
  });
  return JSON.parse(output) as readonly string[];
}

describe("importing an entry", () => {
  test.each(ENTRIES)("$specifier loads its packages and no others", async ({ specifier, source }) => {
    expect(await listLoaded(`await import("./${source}")`)).toEqual(LOADED[specifier]);
  });

  test("is measured by a recorder that sees what is loaded", async () => {
    expect(await listLoaded(`await import("commander")`)).toEqual(["commander"]);
    expect(await listLoaded(`(await import("node:module")).createRequire("${ROOT}")("semver")`)).toEqual(["semver"]);
  });
});
