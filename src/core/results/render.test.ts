import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ContentPart } from "../../call/content.ts";
import type { Failure, OutcomeMeta, Success } from "../../call/outcome.ts";
import type { ArtefactOwner } from "../../ports/artefact-store.ts";
import { createMemoryArtefactStore, type MemoryArtefactStore } from "../../stores/memory/artefact-store.ts";
import { createManualClock } from "../../testing/manual-clock.ts";
import { READER_NAME } from "./reader.ts";
import type { ResultRules } from "./redaction.ts";
import { createRenderer, type RendererOptions, type RenderOptions } from "./render.ts";
import { toPage } from "./text-page.ts";

const owner: ArtefactOwner = { tenant: "t", principal: "ann" };

function rules(parts: Partial<ResultRules> = {}): { readonly result: ResultRules } {
  return { result: { maxBytes: null, redactPaths: [], redactPatterns: [], ...parts } };
}

function meta(tool: string): OutcomeMeta {
  return {
    callId: "call_7",
    tool,
    version: "1.0.0",
    digest: null,
    durationMs: 1,
    dryRun: false,
    attempts: 1,
    cached: null,
    degraded: null,
    replayOf: null,
    rollout: null,
    coerced: [],
    warnings: [],
  };
}

function success(output: unknown, content: readonly ContentPart[] = [], tool = "orders.list"): Success {
  return { ok: true, output, content, meta: meta(tool) };
}

function refusal(message: string, details?: Failure["error"]["details"]): Failure {
  const error: Failure["error"] = {
    code: "TOOL_ERROR",
    message,
    effect: "none",
    retryable: false,
    retryAfterMs: null,
    issues: [],
    toolCode: "NOT_FOUND",
    suggestions: [],
    details,
  };
  return { ok: false, error, continuation: null, meta: meta("orders.list") };
}

interface Opened {
  readonly store: MemoryArtefactStore;
  readonly offered: readonly ArtefactOwner[];
  toText(outcome: Success | Failure, call?: Partial<RenderOptions<ArtefactOwner>>): string | PromiseLike<string>;
}

function open(options: Partial<RendererOptions<ArtefactOwner>> = {}): Opened {
  const clock = createManualClock();
  const store = createMemoryArtefactStore({ clock });
  const offered: ArtefactOwner[] = [];
  let count = 0;
  const results = createRenderer({
    artefacts: store,
    clock,
    keepMs: 60_000,
    newId: () => `res_${count++}`,
    offerReader(who) {
      offered.push(who);
      return true;
    },
    ...options,
  });
  return {
    store,
    offered,
    toText: (outcome, call = {}) => results.toModelText(outcome, { tool: null, owner, ...call }),
  };
}

const LOST = / bytes shown\. The rest was not kept; ask for less at a time\.\]$/;
const LONG = "x".repeat(5_000);

describe("a text that fits", () => {
  it("is there at once, as it is, and nothing is kept or offered", () => {
    const { toText, store, offered } = open();
    expect(toText(success({ a: 1 }))).toBe('{"a":1}');
    expect(toText(success("é".repeat(131_072)))).toBe("é".repeat(131_072));
    expect(toText(refusal("No order."))).toBe("TOOL_ERROR NOT_FOUND: No order.");
    expect([store.size, offered.length]).toEqual([0, 0]);
  });
});

describe("a text that does not fit", () => {
  it("is kept whole, and its beginning says how to read on", async () => {
    const { toText, store, offered } = open();
    const shown = await toText(success(LONG), { maxBytes: 1_024 });
    expect(Buffer.byteLength(shown)).toBeLessThanOrEqual(1_024);
    expect(shown).toMatch(
      /^x+\n\[truncated: \d+ of 5,000 bytes shown\. Read on with toolyard\.read_result \{"id":"res_0","cursor":\d+\}\]$/,
    );
    expect(store.get(owner, "res_0")).toBe(LONG);
    expect(offered).toEqual([owner]);
  });

  it("keeps within the smaller limit of tool and binding, else within the registry's", async () => {
    const { toText } = open({ maxBytes: 2_000 });
    // In whole hundreds: a mark may be some bytes shorter than was foreseen.
    const bytesOf = async (tool: number | null, maxBytes?: number): Promise<number> => {
      const call = { tool: rules({ maxBytes: tool }), ...(maxBytes !== undefined && { maxBytes }) };
      return Math.ceil(Buffer.byteLength(await toText(success(LONG), call)) / 100) * 100;
    };
    expect(await bytesOf(null)).toBe(2_000);
    expect(await bytesOf(3_000)).toBe(3_000);
    expect(await bytesOf(3_000, 1_100)).toBe(1_100);
    expect(await bytesOf(1_100, 3_000)).toBe(1_100);
    expect(await bytesOf(null, 3_000)).toBe(3_000);
    expect(await bytesOf(6_000)).toBe(5_000);
    expect(open().toText(success("x".repeat(262_144)))).toHaveLength(262_144);
    expect(await open().toText(success("x".repeat(262_145)))).toContain(" of 262,145 bytes shown.");
  });

  it("loses nothing: what is shown and what is read from the cursor are the whole", async () => {
    const pieces = fc.array(
      fc.oneof(fc.string({ unit: "binary", minLength: 20 }), fc.constant("🚀".repeat(40)), fc.constant("a\r\n\u202e")),
      { minLength: 40, maxLength: 80 },
    );
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          pieces,
          pieces.map((list) => list.join("🚀")),
        ),
        fc.integer({ min: 256, max: 900 }),
        fc.integer({ min: 1, max: 700 }),
        fc.boolean(),
        async (output, maxBytes, limit, neutralise) => {
          const { toText, store } = open();
          const whole = await toText(success(output), { neutralise });
          const shown = await toText(success(output), { neutralise, maxBytes });
          if (shown === whole) return;
          expect(Buffer.byteLength(shown)).toBeLessThanOrEqual(maxBytes);
          const { id, cursor } = JSON.parse(/\{"id":"res_\d+","cursor":\d+\}(?=\]$)/.exec(shown)?.[0] ?? "null") as {
            readonly id: string;
            readonly cursor: number;
          };
          const kept = store.get(owner, id) ?? "";
          let read = shown.slice(0, shown.lastIndexOf("\n[truncated: "));
          expect(read).toHaveLength(cursor);
          for (let next: number | null = cursor; next !== null;) {
            const page = toPage(kept, next, limit);
            read += page.text;
            next = page.next;
          }
          expect(read).toBe(whole);
        },
      ),
    );
  });

  it("says that the rest was not kept when the store has no room, throws or rejects", async () => {
    const puts: readonly RendererOptions<ArtefactOwner>["artefacts"]["put"][] = [
      () => false,
      async () => false,
      () => {
        throw new Error("disk full");
      },
      async () => {
        throw new Error("disk full");
      },
    ];
    for (const put of puts) {
      const { toText } = open({ artefacts: { put, get: () => null } });
      const shown = await toText(success(LONG), { maxBytes: 1_024 });
      expect(shown).toMatch(LOST);
      expect(shown).not.toContain(READER_NAME);
      expect(Buffer.byteLength(shown)).toBeLessThanOrEqual(1_024);
    }
  });

  it("mentions no reader that the owner may not call, and keeps nothing nobody could read", async () => {
    const offers: readonly RendererOptions<ArtefactOwner>["offerReader"][] = [
      () => false,
      async () => false,
      async () => {
        throw new Error("closed");
      },
    ];
    for (const offerReader of offers) {
      const { toText, store } = open({ offerReader });
      expect(await toText(success(LONG), { maxBytes: 1_024 })).toMatch(LOST);
      expect(store.size).toBe(0);
    }
  });

  it("calls the reader what the model knows it as", async () => {
    const shown = await open().toText(success(LONG), { maxBytes: 1_024, readerName: "toolyard_read_result" });
    expect(shown).toContain("Read on with toolyard_read_result {");
  });

  it("is a failure's text as well", async () => {
    const { toText, store } = open();
    expect(await toText(refusal(LONG), { maxBytes: 1_024 })).toContain("Read on with");
    expect(store.get(owner, "res_0")).toBe(`TOOL_ERROR NOT_FOUND: ${LONG}`);
  });

  it("is not kept again when it is a page of the reader", async () => {
    const { toText, store, offered } = open();
    const page = success({ cursor: 0, next: 5_000, total: 9_000, text: LONG }, [], READER_NAME);
    const shown = await toText(page, { maxBytes: 1_024 });
    expect(shown).toMatch(
      /^\{"cursor":0,"next":5000,"total":9000,"text":"x+\n\[truncated: .* Ask again with a smaller "limit"\.\]$/,
    );
    expect([store.size, offered.length]).toEqual([0, 0]);
  });
});

describe("redaction", () => {
  const tool = rules({ redactPaths: ["customer.address"], redactPatterns: ["sk-\\w+", "top\\s+secret"] });

  it("takes paths and patterns out of an output", () => {
    const output = { customer: { name: "Ann", address: "Bonn" }, key: "sk-1", "sk-2": 1 };
    expect(open().toText(success(output), { tool })).toBe(
      '{"customer":{"name":"Ann","address":"[redacted]"},"key":"[redacted]","[redacted]":1}',
    );
    expect(output.key).toBe("sk-1");
  });

  it("takes patterns out of everything that stands beside the output", () => {
    const content: readonly ContentPart[] = [
      { type: "text", text: "a sk-1 b" },
      { type: "file", data: "AAAA", mimeType: "text/sk-2", name: "sk-3.txt" },
      { type: "image", data: "AAAA", mimeType: "sk-4" },
      { type: "resource", uri: "memo://sk-5" },
      { type: "resource", uri: "memo://1", text: "sk-6" },
    ];
    const shown = open().toText(success(undefined, content), { tool });
    expect(shown).not.toContain("sk-");
    expect((shown as string).match(/\[redacted\]/g)).toHaveLength(6);
    expect(
      open().toText(success({ customer: { address: 1 } }, content), { tool: rules({ redactPaths: ["customer"] }) }),
    ).toContain('{"customer":"[redacted]"}\na sk-1 b');
  });

  it("takes patterns out of the whole text of a failure, and of details before they are written as JSON", () => {
    expect(open().toText(refusal("Not with sk-1.", { a: ["top\nsecret"], "sk-2": 1 }), { tool })).toBe(
      'TOOL_ERROR NOT_FOUND: Not with [redacted].\nDetails: {"a":["[redacted]"],"[redacted]":1}',
    );
    expect(open().toText(refusal("Not with sk-1."), { tool: rules({ redactPaths: ["a"] }) })).toContain("sk-1");
  });

  it("comes before what is kept", async () => {
    const { toText, store } = open();
    await toText(success([LONG, "sk-1"]), { tool, maxBytes: 1_024 });
    expect(store.get(owner, "res_0")).toBe(JSON.stringify([LONG, "[redacted]"]));
  });
});

describe("characters that deceive", () => {
  it("become visible when asked, in what is kept as well", async () => {
    const { toText, store } = open();
    expect(toText(success("a\u202eb"))).toBe("a\u202eb");
    expect(toText(success("a\u202eb"), { neutralise: true })).toBe("a<U+202E>b");
    await toText(success(`${LONG}\u202e`), { neutralise: true, maxBytes: 1_024 });
    expect(store.get(owner, "res_0")).toBe(`${LONG}<U+202E>`);
  });
});
