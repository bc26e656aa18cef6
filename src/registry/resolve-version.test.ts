import fc from "fast-check";
import semver from "semver";
import { describe, expect, it } from "vitest";
import type { PublishedTool, Status } from "../tool/tool-version.ts";
import { parseToolRef } from "../tool/tool-ref.ts";
import { createEntry, createToolEntry, withVersion, type Entry, type ToolEntry } from "./entry.ts";
import { resolveVersion } from "./resolve-version.ts";

function toTool(versions: readonly (readonly [string, Status])[]): ToolEntry {
  let entries: readonly Entry[] = [];
  for (const [version, status] of versions) {
    const tool = { version: { name: "t", version } } as unknown as PublishedTool;
    entries = withVersion(entries, createEntry(tool, { status }));
  }
  return createToolEntry("t", entries);
}

function resolve(tool: ToolEntry, text: string): string {
  const parsed = parseToolRef(text);
  if (!parsed.ok) throw new Error(parsed.message);
  const resolution = resolveVersion(tool, parsed.ref);
  return resolution.ok ? resolution.entry.tool.version.version : resolution.code;
}

const part = fc.integer({ min: 0, max: 3 });
const version = fc
  .tuple(part, part, part, fc.option(fc.constantFrom("alpha.1", "beta", "rc.2"), { nil: undefined }))
  .map(([major, minor, patch, pre]) => `${major}.${minor}.${patch}${pre === undefined ? "" : `-${pre}`}`);
const status = fc.constantFrom<Status>("staged", "active", "deprecated", "retired");
const versions = fc.uniqueArray(fc.tuple(version, status), { selector: ([v]) => v, maxLength: 12 });
const wanted = fc.oneof(
  fc.constant(""),
  version.map((v) => `@${v}`),
  fc.tuple(fc.constantFrom("^", "~", ">=", "<", ""), version).map(([op, v]) => `@${op}${v}`),
  fc.tuple(part, part).map(([a, b]) => `@${a}.${b}`),
  part.map((a) => `@${a}`),
  fc.constantFrom("@*", "@stable", "@1 || 3", "@1.0.0 - 2.1.0"),
);

/** Written from the specification alone: try the states in order, and the highest that fits within each. */
function oracle(set: readonly (readonly [string, Status])[], asked: string): string {
  const range = asked.slice(1);
  const fits = (v: string): boolean => {
    if (asked === "" || asked === "@stable") return !v.includes("-");
    if (semver.valid(range) !== null) return semver.eq(v, range);
    return semver.satisfies(v, range);
  };
  const isExact = semver.valid(range) !== null;
  const matching = set.filter(([v, s]) => fits(v) && (isExact || s !== "staged"));
  if (isExact && matching[0]?.[1] === "staged") return matching[0][0];
  for (const state of ["active", "deprecated"]) {
    const highest = semver.maxSatisfying(
      matching.filter(([, s]) => s === state).map(([v]) => v),
      "*",
      { includePrerelease: true },
    );
    if (highest !== null) return highest;
  }
  return matching.length > 0 ? "VERSION_RETIRED" : "VERSION_NOT_FOUND";
}

describe("resolveVersion", () => {
  it("agrees with a naive oracle over generated version sets", () => {
    fc.assert(
      fc.property(versions, wanted, (set, asked) => {
        expect(resolve(toTool(set), `t${asked}`)).toBe(oracle(set, asked));
      }),
      { numRuns: 5_000 },
    );
  });

  it("does not depend on the order of publication", () => {
    fc.assert(
      fc.property(versions, wanted, (set, asked) => {
        expect(resolve(toTool([...set].reverse()), `t${asked}`)).toBe(resolve(toTool(set), `t${asked}`));
      }),
    );
  });

  it("prefers an active version to a higher deprecated one", () => {
    const tool = toTool([
      ["1.0.0", "active"],
      ["1.1.0", "deprecated"],
    ]);
    expect(resolve(tool, "t@^1")).toBe("1.0.0");
    expect(resolve(tool, "t@1.1.0")).toBe("1.1.0");
  });

  it("takes a pre-release only when asked for", () => {
    const tool = toTool([
      ["1.0.0", "active"],
      ["2.0.0-beta.1", "active"],
    ]);
    expect(resolve(tool, "t")).toBe("1.0.0");
    expect(resolve(tool, "t@*")).toBe("1.0.0");
    expect(resolve(tool, "t@2.0.0-beta.1")).toBe("2.0.0-beta.1");
    expect(resolve(tool, "t@^2.0.0-beta.0")).toBe("2.0.0-beta.1");
  });

  it("names the nearest alternative to a retired version", () => {
    const tool = toTool([
      ["1.0.0", "retired"],
      ["1.2.0", "active"],
      ["3.0.0", "active"],
      ["2.0.0", "retired"],
    ]);
    const parsed = parseToolRef("t@1.0.0");
    const resolution = parsed.ok ? resolveVersion(tool, parsed.ref) : null;
    expect(resolution).toMatchObject({ ok: false, code: "VERSION_RETIRED", suggestions: ["t@1.2.0"] });
  });

  it("says which channels there are", () => {
    const parsed = parseToolRef("t@beta");
    const resolution = parsed.ok ? resolveVersion(toTool([["1.0.0", "active"]]), parsed.ref) : null;
    expect(resolution).toMatchObject({ ok: false, code: "VERSION_NOT_FOUND", suggestions: ["t@stable"] });
  });

  it("says so when there are only pre-releases", () => {
    const parsed = parseToolRef("t");
    const resolution = parsed.ok ? resolveVersion(toTool([["1.0.0-rc.1", "active"]]), parsed.ref) : null;
    expect(resolution).toMatchObject({ ok: false, message: expect.stringContaining("only pre-releases") as string });
  });
});
