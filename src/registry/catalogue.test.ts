import { describe, expect, it } from "vitest";
import type { PublishedTool } from "../tool/tool-version.ts";
import { createCatalogue } from "./catalogue.ts";

function published(name: string, version: string, digest = `sha256:${name}${version}`): PublishedTool {
  const handler = (): number => 1;
  return { version: { name, version, digest }, definition: { handler } } as unknown as PublishedTool;
}

describe("createCatalogue", () => {
  it("publishes all or none", () => {
    const catalogue = createCatalogue();
    catalogue.publish([published("a", "1.0.0")]);
    const before = catalogue.snapshot;
    expect(() => catalogue.publish([published("b", "1.0.0"), published("a", "1.0.0", "sha256:other")])).toThrow(
      expect.objectContaining({ code: "ALREADY_PUBLISHED" }) as Error,
    );
    expect(catalogue.snapshot).toBe(before);
    expect(catalogue.snapshot.get("b")).toBeUndefined();
  });

  it("refuses a version twice within one publication", () => {
    const catalogue = createCatalogue();
    expect(() => catalogue.publish([published("a", "1.0.0", "sha256:x"), published("a", "1.0.0", "sha256:y")])).toThrow(
      /a@1\.0\.0: is published with other content/,
    );
    expect(catalogue.snapshot.table.size).toBe(0);
  });

  it("takes the same definition again as no change", () => {
    const catalogue = createCatalogue();
    const tool = published("a", "1.0.0");
    const [first] = catalogue.publish([tool]);
    const before = catalogue.snapshot;
    expect(catalogue.publish([tool])).toEqual([first]);
    expect(catalogue.snapshot).toBe(before);
  });

  it("leaves the snapshot of a reader as it was", () => {
    const catalogue = createCatalogue();
    catalogue.publish([published("a", "1.0.0")]);
    const reader = catalogue.snapshot;
    catalogue.publish([published("a", "2.0.0"), published("b", "1.0.0")]);
    catalogue.remove("a@1.0.0");
    expect(reader.tools.map(({ name }) => name)).toEqual(["a"]);
    expect(reader.lookup("a")).toMatchObject({ kind: "found", entry: { tool: { version: { version: "1.0.0" } } } });
    expect(catalogue.snapshot.lookup("a")).toMatchObject({ entry: { tool: { version: { version: "2.0.0" } } } });
    expect(catalogue.snapshot.tools.map(({ name }) => name)).toEqual(["a", "b"]);
  });

  it("removes one version or all, and only what is asked for exactly", () => {
    const catalogue = createCatalogue();
    catalogue.publish([published("a", "1.0.0"), published("a", "1.1.0"), published("b", "1.0.0")]);
    expect(() => catalogue.remove("a@^1")).toThrow(/an exact version/);
    expect(catalogue.remove("a@3.0.0")).toEqual([]);
    expect(catalogue.remove("a@1.0.0")).toHaveLength(1);
    expect(catalogue.remove("a")).toHaveLength(1);
    expect(catalogue.remove("a")).toEqual([]);
    expect(catalogue.snapshot.tools.map(({ name }) => name)).toEqual(["b"]);
  });

  it("changes the state of an exact version and names what there is otherwise", () => {
    const catalogue = createCatalogue();
    catalogue.publish([published("orders.get", "1.0.0"), published("orders.get", "1.1.0")]);
    catalogue.setStatus("orders.get@1.1.0", "retired", null);
    expect(catalogue.snapshot.lookup("orders.get@^1")).toMatchObject({
      entry: { tool: { version: { version: "1.0.0" } } },
    });
    expect(() => catalogue.setStatus("orders.gte@1.0.0", "retired", null)).toThrow(/did you mean orders\.get\?/);
    expect(() => catalogue.setStatus("orders.get@9.0.0", "retired", null)).toThrow(/there is 1\.1\.0, 1\.0\.0/);
    expect(() => catalogue.setStatus("orders.get", "retired", null)).toThrow(/not an exact version/);
  });
});
