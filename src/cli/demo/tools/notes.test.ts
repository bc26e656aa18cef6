import { expect, test } from "vitest";
import { createManualClock } from "../../../testing/manual-clock.ts";
import { createDemoApp } from "../demo-app.ts";
import { createCaller, NOW } from "../../../../test/cli/call-tool.ts";
import { MAX_NOTES_PER_OWNER } from "./notebook.ts";
import { addNote, clearNotes, listNotes } from "./notes.ts";

const ulla = { id: "ulla", roles: ["USER"] };

test("keeps each person's notes apart, the newest first", async () => {
  const app = createDemoApp(createManualClock(NOW));
  const [add, list] = [createCaller(addNote, app), createCaller(listNotes, app)];
  await add.call({ text: "one" });
  expect(await add.call({ text: "two", tags: ["shopping"] })).toEqual({
    id: 2,
    text: "two",
    tags: ["shopping"],
    addedAt: "2026-03-29T00:30:00.000Z",
  });
  await add.call({ text: "hers" }, ulla);
  expect(await list.call({})).toMatchObject({ total: 2, notes: [{ text: "two" }, { text: "one" }] });
  expect(await list.call({ tag: "shopping" })).toMatchObject({ total: 1 });
  expect(await list.call({ limit: 1 })).toMatchObject({ total: 2, notes: [{ text: "two" }] });
  expect(await list.call({}, ulla)).toMatchObject({ total: 1 });
});

test("is cleared by admins only, and only their own page", async () => {
  const app = createDemoApp(createManualClock(NOW));
  const [add, clear, list] = [createCaller(addNote, app), createCaller(clearNotes, app), createCaller(listNotes, app)];
  await add.call({ text: "mine" });
  await add.call({ text: "hers" }, ulla);
  expect(await clear.call({}, ulla)).toMatch(/^UNKNOWN_TOOL/);
  expect(await clear.call({})).toEqual({ removed: 1 });
  expect(await clear.call({})).toEqual({ removed: 0 });
  expect(await list.call({}, ulla)).toMatchObject({ total: 1 });
});

test("refuses empty notes, bad tags, and guests", async () => {
  const { call } = createCaller(addNote);
  expect(await call({ text: "" })).toMatch(/^INVALID_INPUT/);
  expect(await call({ text: "a", tags: ["Not A Tag"] })).toMatch(/^INVALID_INPUT/);
  expect(await call({ text: "a" }, { id: "gus", roles: ["GUEST"] })).toMatch(/^UNKNOWN_TOOL/);
});

test("is bounded", () => {
  const { notebook } = createDemoApp(createManualClock(NOW));
  const owner = { id: "o", tenant: "default" } as Parameters<typeof notebook.add>[0];
  for (let count = 0; count < MAX_NOTES_PER_OWNER; count++) expect(notebook.add(owner, "x", [])).not.toBeNull();
  expect(notebook.add(owner, "x", [])).toBeNull();
});
