import fc from "fast-check";
import { expect, it } from "vitest";
import { readEvents } from "./read-events.ts";

const TEXT =
  '\uFEFF: hello\r\nevent: progress\r\ndata: {"a":1,\r\ndata:"b":"ü€😀"}\r\n\r\nid: 3\nretry: 1\n\nevent:partial\rdata\r\rdata:  two\n\nevent: cut\ndata: off';
const EVENTS = [
  { event: "progress", data: '{"a":1,\n"b":"ü€😀"}' },
  { event: "partial", data: "" },
  { event: "message", data: " two" },
];

async function* toChunks(bytes: Uint8Array, cuts: readonly number[]): AsyncGenerator<Uint8Array, void, undefined> {
  let start = 0;
  for (const cut of [...cuts, bytes.length]) {
    yield bytes.subarray(start, cut);
    start = cut;
  }
}

async function read(cuts: readonly number[]): Promise<unknown[]> {
  const list: unknown[] = [];
  const limits = { operation: "callTool", maxBytes: 1_000 };
  const chunks = toChunks(Buffer.from(TEXT), cuts);
  for await (const event of readEvents(chunks, limits, () => {})) list.push(event);
  return list;
}

it("reads the same events however the bytes are cut", async () => {
  const { length } = Buffer.from(TEXT);
  expect(await read([])).toEqual(EVENTS);
  expect(await read(Array.from({ length: length - 1 }, (_, index) => index + 1))).toEqual(EVENTS);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 0, max: length })), async (cuts) => {
      expect(await read(cuts.toSorted((one, other) => one - other))).toEqual(EVENTS);
    }),
  );
});
