// A note store that writes: one tool to add, one to read, and one that destroys, which only admins may call.
import { Role, ToolError, type AnyTool } from "../../../index.ts";
import { defineTool, type DemoApp } from "../demo-app.ts";
import { MAX_NOTES_PER_OWNER } from "./notebook.ts";

const tag = { type: "string", pattern: "^[a-z][a-z0-9-]{0,23}$" } as const;
const note = {
  type: "object",
  properties: {
    id: { type: "integer" },
    text: { type: "string" },
    tags: { type: "array", items: { type: "string" } },
    addedAt: { type: "string", format: "date-time" },
  },
  required: ["id", "text", "tags", "addedAt"],
} as const;

export const addNote: AnyTool<DemoApp> = defineTool({
  name: "notes.add",
  version: "1.0.0",
  title: "Add a note",
  description:
    "Remember a note for the caller. Returns the note with its id. Use it when the user asks to note or remember something.",
  tags: ["memory"],
  effect: "write",
  access: { roles: [Role.USER] },
  limits: [{ name: "notes", per: ["principal"], capacity: 20, windowMs: 60_000 }],
  input: {
    type: "object",
    properties: {
      text: { type: "string", minLength: 1, maxLength: 500, description: "The note, 1 to 500 characters." },
      tags: { type: "array", items: tag, maxItems: 5, description: 'Labels to find it by, such as "shopping".' },
    },
    required: ["text"],
    additionalProperties: false,
  },
  output: note,
  examples: [{ text: "Buy milk", tags: ["shopping"] }, { text: "Call Ada at 15:00" }],
  handler(input, { app, principal }) {
    const { text, tags = [] } = input as { text: string; tags?: readonly string[] };
    const added = app.notebook.add(principal, text, tags);
    if (added === null) {
      throw new ToolError("NOTEBOOK_FULL", `There is no room for another note (${MAX_NOTES_PER_OWNER} per person).`, {
        effect: "none",
      });
    }
    return added;
  },
});

export const listNotes: AnyTool<DemoApp> = defineTool({
  name: "notes.list",
  version: "1.0.0",
  title: "List notes",
  description: "The caller's notes, newest first, all or those with one tag.",
  tags: ["memory"],
  effect: "read",
  access: { roles: [Role.USER] },
  input: {
    type: "object",
    properties: {
      tag: { ...tag, description: "Only notes with this tag." },
      limit: { type: "integer", minimum: 1, maximum: 50, description: "At most this many. 10 when left out." },
    },
    additionalProperties: false,
  },
  output: {
    type: "object",
    properties: { total: { type: "integer" }, notes: { type: "array", items: note } },
    required: ["total", "notes"],
  },
  examples: [{}, { tag: "shopping", limit: 5 }],
  handler(input, { app, principal }) {
    const { tag: wanted, limit = 10 } = input as { tag?: string; limit?: number };
    const found = app.notebook.list(principal).filter(({ tags }) => wanted === undefined || tags.includes(wanted));
    return { total: found.length, notes: found.slice(0, limit) };
  },
});

export const clearNotes: AnyTool<DemoApp> = defineTool({
  name: "notes.clear",
  version: "1.0.0",
  title: "Delete all notes",
  description: "Delete every note of the caller. They cannot be got back.",
  tags: ["memory"],
  effect: "destructive",
  idempotent: true,
  access: { roles: [Role.ADMIN] },
  output: { type: "object", properties: { removed: { type: "integer" } }, required: ["removed"] },
  examples: [{}],
  handler: (_input, { app, principal }) => ({ removed: app.notebook.clear(principal) }),
});
