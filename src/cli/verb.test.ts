import { Command } from "commander";
import { expect, test } from "vitest";
import { EXIT } from "./exit-code.ts";
import { toCommand, toGroupCommand, type Verb } from "./verb.ts";

const verb: Verb = {
  name: "trail verify",
  summary: "check it",
  arguments: [["[file]", "what to check"]],
  options: [],
  examples: [{ command: "trail verify", does: "checks" }],
  run: () => Promise.resolve(EXIT.ok),
};

async function run(...line: readonly string[]): Promise<readonly unknown[]> {
  const calls: unknown[] = [];
  const group = toGroupCommand({ name: "trail", summary: "look after the trail" });
  const command = toCommand(verb, (found, { args }) => {
    calls.push(found.name, ...args);
    return Promise.resolve();
  });
  const program = new Command("toolyard").exitOverride().configureOutput({ writeErr: () => {} });
  program.addCommand(group.addCommand(command));
  await program.parseAsync(line, { from: "user" });
  return calls;
}

test("runs the action of a group with its arguments", async () => {
  expect(await run("trail", "verify", "a.jsonl")).toEqual(["trail verify", "a.jsonl"]);
});

test("names the actions of a group when none is given, and the nearest when there is none of that name", async () => {
  await expect(run("trail")).rejects.toThrow('"toolyard trail" expects one of verify');
  await expect(run("trail", "--json")).rejects.toThrow('"toolyard trail" expects one of verify');
  await expect(run("trail", "verfy")).rejects.toThrow(
    '"toolyard trail" expects one of verify, and received "verfy"; did you mean verify?',
  );
});
