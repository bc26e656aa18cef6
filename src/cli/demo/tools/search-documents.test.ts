import { expect, test } from "vitest";
import { createCaller } from "../../../../test/cli/call-tool.ts";
import { DOCUMENTS } from "./documents.ts";
import { searchDocuments } from "./search-documents.ts";
import { toTerm, toWords } from "../../../kernel/search-terms.ts";

const { call } = createCaller(searchDocuments);

async function first(query: string): Promise<string | undefined> {
  return ((await call({ query })) as { documents: readonly { id: string }[] }).documents[0]?.id;
}

test.each([
  ["how do quotas refill", "quotas"],
  ["exact number bigint", "numbers"],
  ["exactNumbers", "numbers"],
  ["retired version", "versions"],
  ["who may call a tool, roles", "roles"],
  ["audit trail", "audit"],
  ["openai function calling", "openai"],
  ["deadline of a handler", "deadlines"],
  ["permisions", "roles"],
])("finds for %s the document %s", async (query, id) => {
  expect(await first(query)).toBe(id);
});

test("finds every document by its own title", async () => {
  for (const { id, title } of DOCUMENTS) expect(await first(title)).toBe(id);
});

test("finds nothing where there is nothing, and no more than asked for", async () => {
  expect(await call({ query: "zzzzzz" })).toEqual({ found: 0, documents: [] });
  expect(await call({ query: "tool", limit: 2 })).toMatchObject({ documents: { length: 2 } });
});

test("refuses an empty query and a limit of a thousand", async () => {
  expect(await call({ query: "" })).toMatch(/^INVALID_INPUT/);
  expect(await call({ query: "tool", limit: 1_000 })).toMatch(/^INVALID_INPUT/);
});

test("splits names and cuts endings", () => {
  expect(toWords("getUserId2Name, get_user-id")).toEqual(["get", "user", "id2", "name", "get", "user", "id"]);
  expect(["refused", "refuses", "refuse"].map(toTerm)).toEqual(["refus", "refus", "refus"]);
  expect(toTerm("the")).toBeNull();
});
