import { describe, expect, test } from "vitest";
import { ToolyardError } from "../errors/toolyard-error.ts";
import { toDigest } from "../kernel/canonical-json.ts";
import { readCatalogue } from "./read-catalogue.ts";

const HEAD = "format: toolyard.catalogue\nversion: 1\n";

/** What is wrong, a line each: `<line>:<column> <message>`. */
function problemsOf(text: string): readonly string[] {
  try {
    readCatalogue(text, "c.yaml");
    return [];
  } catch (error) {
    if (!(error instanceof ToolyardError)) throw error;
    expect(error.code).toBe("INVALID_CONFIG");
    return error.problems.map(({ path, message }) => `${path.replace("c.yaml:", "")} ${message}`);
  }
}

const FIELDS = `          title: Add
          description: Adds.
          category: math
          tags: []
          effect: read
          inputSchema: {type: object}
          examples: []
          idempotent: true
          honoursKeys: false
          statusCheck: false
          cost: 1
          limits: []
          concurrency: []
`;
const TOOL = `${HEAD}tools:
  math.add:
    versions:
      1.0.0:
        status: active
        definition:
${FIELDS}`;

describe("reading a catalogue file", () => {
  test("accepts a tool without a digest, and computes it over every field there is", () => {
    const { document } = readCatalogue(TOOL, "c.yaml");
    const version = document.tools.get("math.add")?.versions.get("1.0.0");
    expect(version).toMatchObject({ status: "active", source: "code", deprecation: null });
    expect(version?.definition).toMatchObject({ name: "math.add", version: "1.0.0", outputSchema: null, retry: null });
    expect(version?.digest).toBe(toDigest(version?.definition));
  });

  test("accepts a tool that is data, and holds what stands beside it against it", () => {
    const made = `${TOOL}          source: {kind: http, data: {method: GET, url: "https://a.example"}}\n`;
    const { document } = readCatalogue(made, "c.yaml");
    const version = document.tools.get("math.add")?.versions.get("1.0.0");
    expect(version).toMatchObject({ source: "http", definition: { source: { kind: "http" } } });
    expect(version?.digest).toBe(toDigest(version?.definition));
    const beside = (text: string, source: string): string =>
      text.replace("status: active", `status: active\n        source: ${source}`);
    expect(problemsOf(beside(made, "http"))).toEqual([]);
    expect(problemsOf(beside(made, "code"))).toEqual([
      '8:9 tools › math.add › versions › 1.0.0 › source received "code", expected http: the definition is made of http',
    ]);
    expect(problemsOf(beside(TOOL, "http"))).toEqual([
      '8:9 tools › math.add › versions › 1.0.0 › source received "http", expected code: the definition has no source',
    ]);
    expect(problemsOf(`${TOOL}          source: {kind: Http, data: {}}\n`)).toEqual([
      "22:11 tools › math.add › versions › 1.0.0 › definition › source is no source; expected { kind: http, data: { … } }",
    ]);
  });

  test("tells everything that is wrong at once, with line, column and the nearest valid value", () => {
    const text = `${HEAD}tols: {}
tools:
  math.add:
    chanels: {beta: 1.0.0}
    canary: {version: 1.1.0, of: 1.0.0, audience: {percent: 101, role: [USER]}}
    versions:
      1.0:
        status: active
      1.0.0:
        status: activ
        definition:
          descripton: A.
  9lives: {versions: {}}
settings:
  role: {}
  grants: {g: 5}
secrets: [{name: a, value: hush}]
`;
    expect(problemsOf(text)).toEqual(
      [
        "3:1 tols is not known; did you mean tools?",
        "6:5 tools › math.add › chanels is not known; did you mean channels?",
        "7:66 tools › math.add › canary › audience › role is not known; did you mean roles?",
        "7:52 tools › math.add › canary › audience › percent received 101, expected a number from 0 to 100",
        "9:7 tools › math.add › versions › 1.0 is no version; expected one such as 1.0.0",
        '12:9 tools › math.add › versions › 1.0.0 › status received "activ", expected one of staged, active, deprecated, retired; did you mean active?',
        ...["title", "description", "category", "tags", "effect", "inputSchema", "examples"].map(
          (field) => `13:9 tools › math.add › versions › 1.0.0 › definition has no ${field}`,
        ),
        ...["idempotent", "honoursKeys", "statusCheck", "cost", "limits", "concurrency"].map(
          (field) => `13:9 tools › math.add › versions › 1.0.0 › definition has no ${field}`,
        ),
        "14:11 tools › math.add › versions › 1.0.0 › definition › descripton is not known; did you mean description?",
        "15:3 tools › 9lives is no name of a tool; expected one such as orders.get",
        "17:3 settings › role is not known; did you mean roles?",
        "18:12 settings › grants › g is no map",
        "19:11 secrets › [0] is no name; values of secrets have no place in a file, set them with toolyard secrets set",
      ].toSorted((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10)),
    );
  });

  test("refuses a definition that was changed under its digest, and never shows a value of a secret", () => {
    const changed = TOOL.replace("        definition:", `        digest: ${toDigest({})}\n        definition:`);
    expect(problemsOf(changed)).toEqual([
      "8:9 tools › math.add › versions › 1.0.0 › digest is not that of the definition, which was changed; write another version for it, without a digest",
    ]);
    expect(problemsOf(`${HEAD}secrets: [{name: a, value: hush}]\n`).join()).not.toContain("hush");
  });

  test("refuses what is no catalogue, another version, and nothing at all", () => {
    expect(problemsOf("")).toEqual([expect.stringMatching(/^1:1 format is not there/)]);
    expect(problemsOf("[1]")).toEqual([
      expect.stringMatching(/received a list, expected a map/),
      expect.stringMatching(/format is not there/),
    ]);
    expect(problemsOf("format: toolyard.catalogue\nversion: 2\n")).toEqual([
      expect.stringMatching(/^2:1 version received 2, expected 1/),
    ]);
  });

  test.each([
    ["an alias", `${HEAD}tools: &a {}\nsettings: *a\n`, /3:\d+ has an anchor|4:11 is an alias \(\*a\)/],
    [
      "a bomb of aliases",
      `a: &a [x,x]\n${Array.from({ length: 30 }, (_, index) => `b${index}: &b${index} [*${index === 0 ? "a" : `b${index - 1}`}, *a]`).join("\n")}`,
      /alias|anchor/,
    ],
    ["a tag", `${HEAD}tools: !!js/function "1"\n`, /tag/i],
    ["a key that is there twice", `${HEAD}tools: {}\ntools: {}\n`, /4:1 has the key "tools" twice/],
    ["two documents", `${HEAD}---\n${HEAD}`, /3:1 Source contains multiple documents/],
    ["a key that is a list", `${HEAD}tools:\n  ? [a]\n  : 1\n`, /4:\d+ is a key that is no text/],
    ["no number", `${HEAD}tools: .inf\n`, /3:8 is no value that JSON can hold/],
    ["broken YAML", `${HEAD}tools: {\n`, /^\d+:\d+ /],
    ["depth", `${HEAD}tools: ${"[".repeat(200)}${"]".repeat(200)}\n`, /nested deeper than 100/],
    ["great depth", `${HEAD}tools: ${"[".repeat(1_000_000)}`, /3:108 is nested deeper than 100/],
    ["great depth in a line", `${HEAD}tools:\n${"- ".repeat(1_000_000)}`, /4:\d+ is nested deeper than 100/],
  ])("refuses %s with its place", (_what, text, message) => {
    expect(problemsOf(text).join("\n")).toMatch(message);
  });

  test("takes names of any kind for names and nothing else", () => {
    const { document } = readCatalogue(
      `${HEAD}settings:\n  roles:\n    __proto__: {inherits: [ADMIN]}\n    constructor: {}\n`,
      "c.yaml",
    );
    expect([...(document.settings.get("role")?.keys() ?? [])]).toEqual(["__proto__", "constructor"]);
    expect(({} as { inherits?: unknown }).inherits).toBeUndefined();
  });

  test("refuses a file that is too large before it is parsed", () => {
    expect(() => readCatalogue("#".repeat(16 * 1_048_576 + 1), "c.yaml")).toThrow(/more than 16,777,216 bytes/);
  });
});
