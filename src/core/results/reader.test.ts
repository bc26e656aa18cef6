import { describe, expect, it } from "vitest";
import type { ToolContext } from "../../call/context.ts";
import { createPrincipal } from "../../call/principal.ts";
import { ToolError } from "../../errors/tool-error.ts";
import { createMemoryArtefactStore, type MemoryArtefactStore } from "../../stores/memory/artefact-store.ts";
import { createManualClock, type ManualClock } from "../../testing/manual-clock.ts";
import { publishTool } from "../../tool/publish.ts";
import type { PublishedTool } from "../../tool/tool-version.ts";
import { createReaderTool, type ReadRequest } from "./reader.ts";

const ann = { tenant: "t", principal: "ann" };

interface Opened {
  readonly clock: ManualClock;
  readonly store: MemoryArtefactStore;
  read(request: ReadRequest, who?: { readonly tenant: string; readonly principal: string }): Promise<unknown>;
}

function open(): Opened {
  const clock = createManualClock();
  const store = createMemoryArtefactStore({ clock });
  const tool = createReaderTool((owner, id) => store.get(owner, id), ["USER"]);
  return {
    clock,
    store,
    async read(request, who = ann) {
      const principal = createPrincipal({ id: who.principal, tenant: who.tenant });
      return tool.definition.handler(request as never, { principal } as ToolContext as never);
    },
  };
}

function publish(): PublishedTool {
  const published = publishTool(createReaderTool(() => null, ["USER", "ADMIN"]).definition);
  if (!published.ok) throw new Error(JSON.stringify(published.problems));
  return published.tool;
}

async function refusalOf(answer: Promise<unknown>): Promise<ToolError> {
  const error: unknown = await answer.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error instanceof ToolError) return error;
  throw new Error("was not refused");
}

describe("the reader", () => {
  it("is a tool that can be published, reads only, and is for the roles it is given", () => {
    expect(publish().version).toMatchObject({
      name: "toolyard.read_result",
      version: "1.0.0",
      effect: "read",
      access: { roles: ["USER", "ADMIN"] },
    });
  });

  it.each([
    [{ id: "res_1" }, true],
    [{ id: "res_1", cursor: 0, limit: 32_768, pointer: "/a", search: "x".repeat(256) }, true],
    [{}, false],
    [{ id: "res_1", cursor: -1 }, false],
    [{ id: "res_1", limit: 0 }, false],
    [{ id: "res_1", limit: 32_769 }, false],
    [{ id: "res_1", search: "" }, false],
    [{ id: "res_1", search: "x".repeat(257) }, false],
    [{ id: "res_1", tenant: "other" }, false],
  ])("takes %j: %s", async (input, accepted) => {
    expect((await publish().input.validate(input)).ok).toBe(accepted);
  });

  it("pages, 16,384 characters at a time unless asked otherwise", async () => {
    const { store, read } = open();
    store.put(ann, "res_1", "x".repeat(20_000), 1_000);
    expect(await read({ id: "res_1" })).toEqual({ cursor: 0, next: 16_384, total: 20_000, text: "x".repeat(16_384) });
    expect(await read({ id: "res_1", cursor: 16_384 })).toMatchObject({ cursor: 16_384, next: null });
    expect(await read({ id: "res_1", cursor: 1, limit: 2 })).toEqual({ cursor: 1, next: 3, total: 20_000, text: "xx" });
  });

  it("shows where a page stands before its text, which may be cut", async () => {
    const { store, read } = open();
    store.put(ann, "res_1", "abc", 1_000);
    expect(JSON.stringify(await read({ id: "res_1" }))).toBe('{"cursor":0,"next":null,"total":3,"text":"abc"}');
  });

  it("pages and searches within what a pointer names", async () => {
    const { store, read } = open();
    store.put(ann, "res_1", '{"a":1,"rows":[{"n":"one"},{"n":"Two"}]}', 1_000);
    expect(await read({ id: "res_1", pointer: "/rows/1" })).toEqual({
      cursor: 0,
      next: null,
      total: 11,
      text: '{"n":"Two"}',
    });
    expect(await read({ id: "res_1", pointer: "/rows", search: "two" })).toEqual({
      matches: [{ cursor: 19, excerpt: '[{"n":"one"},{"n":"Two"}]' }],
      next: null,
      total: 25,
    });
    expect((await refusalOf(read({ id: "res_1", pointer: "/rows/2" }))).toolCode).toBe("NO_SUCH_PART");
  });

  it("searches from the cursor on", async () => {
    const { store, read } = open();
    store.put(ann, "res_1", "a b A", 1_000);
    expect(await read({ id: "res_1", search: "A", cursor: 1 })).toMatchObject({ matches: [{ cursor: 4 }], next: null });
  });

  it("answers alike for what is somebody else's, what is gone and what never was", async () => {
    const { clock, store, read } = open();
    store.put(ann, "res_1", "secret", 1_000);
    const answers = [
      await refusalOf(read({ id: "res_1" }, { tenant: "t", principal: "bob" })),
      await refusalOf(read({ id: "res_1" }, { tenant: "u", principal: "ann" })),
      await refusalOf(read({ id: "res_2" })),
    ];
    expect(await read({ id: "res_1" })).toMatchObject({ text: "secret" });
    await clock.advance(1_000);
    answers.push(await refusalOf(read({ id: "res_1" })));
    expect(new Set(answers.map(({ toolCode, message }) => `${toolCode}: ${message}`))).toEqual(
      new Set([
        "RESULT_GONE: There is no result of this id, or it is no longer kept. Call the tool that gave it again.",
      ]),
    );
  });
});
