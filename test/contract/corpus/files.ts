// Files: what comes back, alternatives of answers, codings, and trees.
import { closed, labelsOf, open, type LabelledChange } from "./labelled-change.ts";

const text = { type: "string" };
const file = closed({ kind: { const: "file" }, size: { type: "integer" } }, ["kind", "size"]);
const folder = closed({ kind: { const: "folder" }, count: { type: "integer" } }, ["kind", "count"]);
const link = closed({ kind: { const: "link" }, to: text }, ["kind", "to"]);

const stat = labelsOf({
  name: "files.stat",
  version: "3.0.0",
  description: "What is at a path.",
  effect: "read",
  input: closed({ path: text }, ["path"]),
  output: closed({ path: text }, ["path"]),
  access: { roles: ["USER"] },
});

const write = labelsOf({
  name: "files.write",
  version: "1.2.3",
  description: "Writes a file.",
  effect: "destructive",
  input: closed({ path: text, content: text }, ["path", "content"]),
  access: { roles: ["USER"] },
});

const comes = (properties: object, required: readonly string[] = ["path"], more: object = {}) => ({
  output: { ...closed({ path: text, ...properties }, required), ...more },
});
const is = (...anyOf: readonly object[]) => comes({ is: { anyOf } });
const takes = (content: object, more: object = {}) => ({
  input: closed({ path: text, content, ...more }, ["path", "content"]),
});
const tree = (more: object) => ({
  output: {
    $ref: "#/$defs/Node",
    $defs: {
      Node: closed({ name: text, children: { type: "array", items: { $ref: "#/$defs/Node" } }, ...more }, ["name"]),
    },
  },
});

export const FILES: readonly LabelledChange[] = [
  stat("another kind of answer", ["breaking"], "major", is(file, folder), is(file, folder, link)),
  stat("a kind of answer less", ["widening"], "minor", is(file, folder, link), is(file, folder)),
  stat("answers in another order", ["cosmetic"], "patch", is(file, folder), is(folder, file)),
  stat(
    "an answer says more",
    ["breaking"],
    "major",
    is(file),
    is(closed({ kind: { const: "file" }, size: { type: "integer" }, mode: text }, ["kind", "size"])),
  ),
  stat(
    "an answer no longer says how large",
    ["breaking"],
    "major",
    is(file, folder),
    is(closed({ kind: { const: "file" } }, ["kind"]), folder),
  ),
  stat(
    "a format is promised",
    ["widening"],
    "minor",
    comes({ at: text }),
    comes({ at: { ...text, format: "date-time" } }),
  ),
  stat(
    "a format is no longer promised",
    ["breaking"],
    "major",
    comes({ at: { ...text, format: "date-time" } }),
    comes({ at: text }),
  ),
  stat(
    "another pattern is promised",
    ["breaking"],
    "major",
    comes({ mode: { ...text, pattern: "^[0-7]{3}$" } }),
    comes({ mode: { ...text, pattern: "^[rwx-]{9}$" } }),
  ),
  stat(
    "larger numbers can come",
    ["breaking"],
    "major",
    comes({ size: { type: "integer", maximum: 100 } }),
    comes({ size: { type: "integer", maximum: 1_000 } }),
  ),
  stat(
    "smaller numbers are promised",
    ["widening"],
    "minor",
    comes({ size: { type: "integer", maximum: 1_000 } }),
    comes({ size: { type: "integer", maximum: 100 } }),
  ),
  stat(
    "fractions can come",
    ["breaking"],
    "major",
    comes({ size: { type: "integer" } }),
    comes({ size: { type: "number" } }),
  ),
  stat(
    "no fractions come",
    ["widening"],
    "minor",
    comes({ size: { type: "number" } }),
    comes({ size: { type: "integer" } }),
  ),
  stat(
    "an empty list can come",
    ["breaking"],
    "major",
    comes({ owners: { type: "array", items: text, minItems: 1 } }),
    comes({ owners: { type: "array", items: text } }),
  ),
  stat(
    "a list is never empty",
    ["widening"],
    "minor",
    comes({ owners: { type: "array", items: text } }),
    comes({ owners: { type: "array", items: text, minItems: 1 } }),
  ),
  stat(
    "a list in place of one",
    ["breaking"],
    "major",
    comes({ owner: text }),
    comes({ owner: { type: "array", items: text } }),
  ),
  stat("no other members come", ["widening"], "minor", { output: open({ path: text }, ["path"]) }, comes({})),
  stat("other members can come", ["breaking"], "major", comes({}), { output: open({ path: text }, ["path"]) }),
  stat(
    "another description of what comes",
    ["instruction"],
    "minor",
    comes({ size: { type: "integer", description: "In bytes." } }),
    comes({ size: { type: "integer", description: "In kilobytes." } }),
  ),
  stat(
    "another title of what comes",
    ["instruction"],
    "minor",
    comes({}, ["path"], { title: "Stat" }),
    comes({}, ["path"], { title: "Status" }),
  ),
  stat(
    "another default of what comes",
    ["instruction"],
    "minor",
    comes({ n: { type: "integer", default: 0 } }),
    comes({ n: { type: "integer", default: 1 } }),
  ),
  stat(
    "a described answer more",
    ["breaking", "instruction"],
    "major",
    is(file, folder),
    is(file, folder, { ...link, description: "Follow it with files.read." }),
  ),
  stat("what comes in a tree says more", ["breaking"], "major", tree({}), tree({ size: { type: "integer" } })),
  stat(
    "what comes in a tree is bounded",
    ["widening"],
    "minor",
    tree({ size: { type: "integer" } }),
    tree({ size: { type: "integer", minimum: 0 } }),
  ),
  stat(
    "what comes in a tree is described",
    ["instruction"],
    "minor",
    tree({ size: { type: "integer" } }),
    tree({ size: { type: "integer", description: "In bytes." } }),
  ),
  stat("anything comes, in two ways", ["cosmetic"], "patch", { output: undefined }, { output: {} }),
  stat(
    "another way to say what comes",
    ["cosmetic"],
    "patch",
    comes({ size: { type: ["integer", "null"] } }),
    comes({ size: { oneOf: [{ type: "null" }, { type: "integer" }] } }),
  ),
  stat(
    "what comes, and what is said of it",
    ["breaking", "instruction"],
    "major",
    comes({ size: { type: "integer", description: "In bytes." } }),
    comes({ size: { type: "number", description: "In kilobytes." } }),
  ),
  write("content in another coding", ["breaking"], "major", takes(text), takes({ ...text, contentEncoding: "base64" })),
  write("content in plain text", ["breaking"], "major", takes({ ...text, contentEncoding: "base64" }), takes(text)),
  write(
    "content as lines too",
    ["widening"],
    "minor",
    takes(text),
    takes({ anyOf: [text, { type: "array", items: text }] }),
  ),
  write(
    "content as lines alone",
    ["breaking"],
    "major",
    takes({ anyOf: [text, { type: "array", items: text }] }),
    takes({ type: "array", items: text }),
  ),
  write(
    "asks before it overwrites",
    ["widening"],
    "minor",
    takes(text),
    takes(text, { overwrite: { type: "boolean" } }),
  ),
  write(
    "a mode in place of a flag",
    ["breaking"],
    "major",
    takes(text, { append: { type: "boolean" } }),
    takes(text, { append: { enum: ["yes", "no"] } }),
  ),
  write(
    "a mode besides a flag",
    ["widening"],
    "minor",
    takes(text, { append: { type: "boolean" } }),
    takes(text, { append: { enum: [true, false, "ask"] } }),
  ),
  write(
    "the default of a flag turns round",
    ["breaking"],
    "major",
    takes(text, { append: { type: "boolean", default: true } }),
    takes(text, { append: { type: "boolean", default: false } }),
  ),
  write("writes, and does not overwrite", ["widening"], "minor", {}, { effect: "write" }),
  write("is for admins alone", ["breaking"], "major", {}, { access: undefined }),
  write("is no longer for admins alone", ["widening"], "minor", { access: undefined }, {}),
  write("a role by inheritance or by name", ["breaking", "widening"], "major", {}, { access: { roles: ["GUEST"] } }),
  write("another upstream", ["cosmetic"], "patch", { upstream: "disk" }, { upstream: "bucket" }),
];
