// docs/http-tools.md is run as a user would: its definition, its program, its tables.
import { readFileSync } from "node:fs";
import { describe, expect, test, vi } from "vitest";
import { parse } from "yaml";
import { ToolyardError } from "../../src/index.ts";
import { parseHttpTool } from "../../src/sources/http/index.ts";
import { UNTRUSTED_SCHEMA } from "../../src/tool/schema/untrusted-schema.ts";
import { openUserProject } from "../package/user-project.ts";
import { json, openUpstream } from "./upstream.ts";

const document = readFileSync(new URL("../../docs/http-tools.md", import.meta.url), "utf8");
const yaml = /^```yaml\n(.*?)^```$/msu.exec(document)?.[1] ?? "";
const program = /^```ts\n(.*?)^```$/msu.exec(document)?.[1] ?? "";

test("the definition and the program of docs/http-tools.md do what they say", async () => {
  await using project = await openUserProject();
  expect(await project.compile("orders.ts", program)).toEqual({ code: 0, stdout: "", stderr: "" });
  await using upstream = await openUpstream(json({ data: { state: "open", total: 7 } }));
  vi.stubEnv("ORDERS_TOKEN", "t-17");
  const here = yaml.replace("https://api.example.org", upstream.origin);
  const edits: readonly (readonly [string, string])[] = [
    ['await readFile("orders.get.yaml", "utf8")', JSON.stringify(here)],
    ["{ egress, secrets }", "{ egress, secrets, allowPrivate: true }"],
  ];
  for (const [from] of edits) expect(program).toContain(from);
  await project.compile(
    "local.ts",
    edits.reduce((text, [from, to]) => text.replace(from, () => to), program),
    "--noCheck",
  );
  const executed = await project.execute("local.ts");
  expect(executed).toMatchObject({ code: 0, stderr: "" });
  expect(executed.stdout).toBe("{ state: 'open', total: 7 }\n");
  expect(upstream.heard).toMatchObject([
    { target: "/v1/orders/o_17?fields=state,total", headers: { authorization: "Bearer t-17" } },
  ]);
});

describe("docs/http-tools.md", () => {
  const knownAt = (data: Readonly<Record<string, unknown>>): readonly string[] => {
    try {
      parseHttpTool(data);
    } catch (error) {
      const message = error instanceof ToolyardError ? error.message : "";
      return /is not a known field; known are (.*)/.exec(message)?.[1]?.split(", ") ?? [];
    }
    return [];
  };
  const definition = parse(yaml) as { readonly http: object };

  test("has every field of http, and no other", () => {
    const known = knownAt({ ...definition, http: { ...definition.http, qqqqqqqqqqqqqqqqqqqqqqqqqqqqqq: 1 } });
    const table = document.slice(document.indexOf("| `method` |"), document.indexOf("**Effects.**"));
    const rows = [...table.matchAll(/^\| `(\w+)` \|/gm)].map((match) => String(match[1]));
    expect(rows.toSorted()).toEqual([...known].toSorted());
  });

  test("has every field of a definition", () => {
    const known = knownAt({ ...definition, qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq: 1 });
    expect(known.length).toBeGreaterThan(25);
    const refused = ["honoursKeys", "handler", "status"];
    for (const field of known.filter((name) => !refused.includes(name)))
      expect(document, field).toContain(`\`${field}\``);
  });

  test("has the bounds of schemas", () => {
    const shown = [
      ...document.matchAll(/^\| (?:bytes|subschemas|properties|values|patterns|references).* \| ([\d,]+) \|$/gm),
    ];
    expect(shown.map(([, bound]) => Number(bound?.replaceAll(",", "")))).toEqual(Object.values(UNTRUSTED_SCHEMA));
  });
});
