// `toolyard versions rollout|promote|rollback`: another version for some, or beside the one that answers.
import { InvalidArgumentError, Option } from "commander";
import type { RolloutOptions } from "../../index.ts";
import { CliError } from "../cli-error.ts";
import { EXIT } from "../exit-code.ts";
import { parseNames } from "../keys/key-options.ts";
import type { Verb, VerbOptions } from "../verb.ts";
import { actOnCatalogue, createActOptions, toActOptions } from "./act-options.ts";

const rolloutVerb: Verb = {
  name: "versions rollout",
  summary: "give a version to some, or run it beside the one that answers; or stop that",
  arguments: [["<ref>", "an exact version, such as orders.get@1.3.0; with --stop, the tool"]],
  options: [
    new Option("--percent <number>", "of the principals that are not named, 0 to 100").argParser(parsePercent),
    new Option("--principals <ids>", "with commas between them; of another tenant as tenant/id").argParser(parseNames),
    new Option("--tenants <names>", "with commas between them").argParser(parseNames),
    new Option("--roles <names>", "with commas between them").argParser(parseNames),
    new Option("--shadow", "run it after the answer and compare, for tools that read"),
    new Option("--force <reason>", "also when it breaks the contract of the version it answers for"),
    new Option("--stop", "end the rollouts of a tool"),
    ...createActOptions(),
  ],
  examples: [
    { command: "versions rollout orders.get@1.3.0 --percent 5", does: "a canary for one in twenty" },
    { command: "versions rollout orders.get@1.3.0 --percent 25", does: "for more of them; nobody is taken out" },
    { command: "versions rollout orders.get@1.3.0 --shadow --percent 10", does: "compared, and answered by nobody" },
    { command: "versions rollout orders.get --stop", does: "canary and shadow" },
  ],
  async run(session, [ref = ""], options) {
    const basis = toActOptions(options);
    const isStop = options["stop"] === true;
    if (isStop && Object.keys(options).some((name) => STARTING.includes(name))) {
      throw new CliError("--stop ends rollouts, and takes nothing of what starts them");
    }
    await actOnCatalogue(session, ({ rollouts }) =>
      isStop ? rollouts.stop(ref, basis) : rollouts.start(ref, { ...toRollout(options), ...basis }),
    );
    return EXIT.ok;
  },
};

const STARTING: readonly string[] = ["percent", "principals", "tenants", "roles", "shadow", "force"];

function toRollout(options: VerbOptions): RolloutOptions {
  const { percent, tenants, roles } = options as Pick<RolloutOptions, "percent" | "tenants" | "roles">;
  const principals = options["principals"] as readonly string[] | undefined;
  const reason = options["force"] as string | undefined;
  return {
    kind: options["shadow"] === true ? "shadow" : "canary",
    ...(percent !== undefined && { percent }),
    ...(tenants !== undefined && { tenants }),
    ...(roles !== undefined && { roles }),
    ...(principals !== undefined && { principals: principals.map(toMember) }),
    ...(reason !== undefined && { force: { reason } }),
  };
}

function toMember(text: string): { readonly id: string; readonly tenant?: string } {
  const slash = text.indexOf("/");
  return slash === -1 ? { id: text } : { tenant: text.slice(0, slash), id: text.slice(slash + 1) };
}

function parsePercent(text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && value >= 0 && value <= 100) return value;
  throw new InvalidArgumentError("Expected a number from 0 to 100.");
}

function createMove(act: "promote" | "rollback", summary: string, does: string): Verb {
  return {
    name: `versions ${act}`,
    summary,
    arguments: [["<tool>", "the tool, such as orders.get"]],
    options: createActOptions(),
    examples: [{ command: `versions ${act} orders.get`, does }],
    async run(session, [tool = ""], options) {
      await actOnCatalogue(session, ({ rollouts }) => rollouts[act](tool, toActOptions(options)));
      return EXIT.ok;
    },
  };
}

export const rolloutVerbs: readonly Verb[] = [
  rolloutVerb,
  createMove("promote", "give the canary to everybody", "active, and where its predecessor was led to"),
  createMove("rollback", "end the canary, or take its promotion back", "everybody gets what they got before"),
];
