import { describe, expect, it } from "vitest";
import type { PublishedTool } from "../tool/tool-version.ts";
import { createCatalogue, requireVersion } from "./catalogue.ts";
import { planPublication } from "./changes/plan-publication.ts";
import { NO_CHANGE, type ToolEntry } from "./entry.ts";

function published(name: string, version: string, digest = `sha256:${name}${version}`): PublishedTool {
  const handler = (): number => 1;
  return { version: { name, version, digest }, definition: { handler } } as unknown as PublishedTool;
}

function open(...tools: readonly PublishedTool[]) {
  const catalogue = createCatalogue();
  const publish = (...more: readonly PublishedTool[]) => {
    const planned = planPublication(catalogue.find, more, { change: NO_CHANGE, status: "active" });
    if (planned.tools.size > 0) catalogue.swap(planned.tools);
    return planned;
  };
  publish(...tools);
  return { catalogue, publish };
}

describe("createCatalogue", () => {
  it("publishes all or none", () => {
    const { catalogue, publish } = open(published("a", "1.0.0"));
    const before = catalogue.snapshot;
    expect(() => publish(published("b", "1.0.0"), published("a", "1.0.0", "sha256:other"))).toThrow(
      expect.objectContaining({ code: "ALREADY_PUBLISHED" }) as Error,
    );
    expect(catalogue.snapshot).toBe(before);
    expect(catalogue.snapshot.get("b")).toBeUndefined();
  });

  it("refuses a version twice within one publication", () => {
    const { catalogue, publish } = open();
    expect(() => publish(published("a", "1.0.0", "sha256:x"), published("a", "1.0.0", "sha256:y"))).toThrow(
      /a@1\.0\.0: is published with other content/,
    );
    expect(catalogue.snapshot.table.size).toBe(0);
  });

  it("takes the same definition again as no change", () => {
    const tool = published("a", "1.0.0");
    const { catalogue, publish } = open(tool);
    const before = catalogue.snapshot;
    expect(publish(tool).entries).toEqual(before.get("a")?.versions);
    expect(catalogue.snapshot).toBe(before);
    expect(before.get("a")?.revision).toBe(1);
  });

  it("counts what is published at once as one change of each tool", () => {
    const { catalogue, publish } = open(published("a", "1.0.0"), published("a", "1.1.0"), published("b", "1.0.0"));
    expect(catalogue.find("a")?.revision).toBe(1);
    publish(published("a", "2.0.0"), published("a", "1.0.1"));
    expect(["a", "b"].map((name) => catalogue.find(name)?.revision)).toEqual([2, 1]);
  });

  it("leaves the snapshot of a reader as it was", () => {
    const { catalogue, publish } = open(published("a", "1.0.0"));
    const reader = catalogue.snapshot;
    publish(published("a", "2.0.0"), published("b", "1.0.0"));
    expect(reader.tools.map(({ name }) => name)).toEqual(["a"]);
    expect(reader.lookup("a")).toMatchObject({ kind: "found", entry: { tool: { version: { version: "1.0.0" } } } });
    expect(catalogue.snapshot.lookup("a")).toMatchObject({ entry: { tool: { version: { version: "2.0.0" } } } });
    expect(catalogue.snapshot.tools.map(({ name }) => name)).toEqual(["a", "b"]);
  });

  it("shows no reader a tool of which there is no code, and does not lose it", () => {
    const { catalogue } = open(published("a", "1.0.0"), published("b", "1.0.0"));
    const tool = catalogue.find("a") as ToolEntry;
    catalogue.swap(new Map([["a", { ...tool, versions: [] }]]));
    expect(catalogue.snapshot.lookup("a")).toEqual({ kind: "unknown", name: "a" });
    expect(catalogue.snapshot.tools.map(({ name }) => name)).toEqual(["b"]);
    expect(catalogue.dormant.map(({ name }) => name)).toEqual(["a"]);
    expect(catalogue.find("a")?.revision).toBe(1);
    catalogue.swap(new Map([["a", tool]]));
    expect([catalogue.dormant, catalogue.snapshot.get("a")]).toEqual([[], tool]);
    catalogue.swap(new Map([["a", null]]));
    expect(catalogue.find("a")).toBeUndefined();
  });

  it("finds an exact version and names what there is otherwise", () => {
    const { catalogue } = open(published("orders.get", "1.0.0"), published("orders.get", "1.1.0"));
    expect(requireVersion(catalogue, "orders.get@1.1.0")).toMatchObject({ version: "1.1.0" });
    expect(() => requireVersion(catalogue, "orders.gte@1.0.0")).toThrow(/did you mean orders\.get\?/);
    expect(() => requireVersion(catalogue, "orders.get@9.0.0")).toThrow(/there is 1\.1\.0, 1\.0\.0/);
    expect(() => requireVersion(catalogue, "orders.get")).toThrow(/not an exact version/);
  });
});
