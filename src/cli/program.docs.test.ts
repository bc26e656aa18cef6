import { readFileSync } from "node:fs";
import type { Option } from "commander";
import { expect, test } from "vitest";
import { EXIT_MEANINGS } from "./exit-code.ts";
import { VERBS } from "./program.ts";
import { createCommonOptions } from "./verb.ts";

const document = readFileSync(new URL("../../docs/reference/cli.md", import.meta.url), "utf8");
const sections = new Map(
  document.split(/^## /m).map((section): [string, readonly string[]] => {
    const [title = "", ...lines] = section.split("\n");
    return [title, lines];
  }),
);

const row = (name: string, description: string): string => `| \`${name.replaceAll("|", "\\|")}\` | ${description} |`;
const rowsOf = (title: string): readonly string[] =>
  (sections.get(title) ?? []).filter((line) => line.startsWith("| `")).map((line) => line.trim());

/** What is said of an option, with what it accepts and takes when left out. */
function describe({ flags, description, argChoices, defaultValue }: Option): string {
  const choices = argChoices === undefined ? "" : `: ${argChoices.map((choice) => `\`${choice}\``).join(", ")}`;
  const fallback = defaultValue === undefined ? "" : `; default \`${String(defaultValue)}\``;
  return row(flags, `${description}${choices}${fallback}`);
}

test("docs/reference/cli.md has a section for every command and no other", () => {
  const documented = [...sections.keys()].filter((title) => title.startsWith("toolyard "));
  expect(documented).toEqual(VERBS.map(({ name }) => `toolyard ${name}`));
});

test.each(VERBS.map((verb) => [verb.name, verb] as const))(
  "documents every argument and option of %s, and no other",
  (name, verb) => {
    const expected = [
      ...verb.arguments.map(([flags, description]) => row(flags, description)),
      ...verb.options.map(describe),
    ];
    expect(rowsOf(`toolyard ${name}`)).toEqual(expected);
  },
);

test.each(VERBS.map((verb) => [verb.name, verb] as const))("shows the examples of %s", (name, verb) => {
  const shown = (sections.get(`toolyard ${name}`) ?? []).filter((line) => line.startsWith("toolyard "));
  expect(shown).toEqual(verb.examples.map(({ command, does }) => `toolyard ${command}  # ${does}`));
});

test("documents the options of every command", () => {
  expect(rowsOf("Options of every command")).toEqual(createCommonOptions().map(describe));
});

test("documents the exit codes", () => {
  expect(rowsOf("Exit codes")).toEqual(Object.entries(EXIT_MEANINGS).map(([code, meaning]) => row(code, meaning)));
});
