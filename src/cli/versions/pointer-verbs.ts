// `toolyard versions channel|default`: what callers who name no version are led to.
import { Option } from "commander";
import { CliError } from "../cli-error.ts";
import { EXIT } from "../exit-code.ts";
import type { Verb } from "../verb.ts";
import { actOnCatalogue, createActOptions, toActOptions } from "./act-options.ts";

const CLEAR = "take it back, instead of setting it";

const channelVerb: Verb = {
  name: "versions channel",
  summary: "let a channel of a tool lead to a version",
  arguments: [
    ["<tool>", "the tool, such as orders.get"],
    ["<channel>", "stable, beta, or a name of your own"],
    ["[version]", "an active or deprecated version, such as 1.2.0"],
  ],
  options: [new Option("--clear", CLEAR), ...createActOptions()],
  examples: [
    { command: "versions channel orders.get beta 2.0.0", does: "orders.get@beta means 2.0.0" },
    { command: "versions channel orders.get stable --clear", does: "stable is the highest active release again" },
  ],
  async run(session, [tool = "", channel = "", version], options) {
    checkTarget("a version", version, options["clear"]);
    const basis = toActOptions(options);
    await actOnCatalogue(session, ({ channels }) =>
      version === undefined ? channels.clear(tool, channel, basis) : channels.set(tool, channel, version, basis),
    );
    return EXIT.ok;
  },
};

const defaultVerb: Verb = {
  name: "versions default",
  summary: "say what a bare name means",
  arguments: [
    ["<tool>", "the tool, such as orders.get"],
    ["[target]", "a version, or a channel"],
  ],
  options: [
    new Option("--tenant <tenant>", "only for this tenant; without it, for all that have no default of their own"),
    new Option("--clear", CLEAR),
    ...createActOptions(),
  ],
  examples: [
    { command: "versions default orders.get 1.2.0", does: "for everybody" },
    { command: "versions default orders.get beta --tenant acme", does: "one tenant gets what beta leads to" },
  ],
  async run(session, [tool = "", target], options) {
    checkTarget("a version or a channel", target, options["clear"]);
    const tenant = options["tenant"] as string | undefined;
    const basis = { ...toActOptions(options), ...(tenant !== undefined && { tenant }) };
    await actOnCatalogue(session, ({ defaults }) =>
      target === undefined ? defaults.clear(tool, basis) : defaults.set(tool, target, basis),
    );
    return EXIT.ok;
  },
};

function checkTarget(what: string, target: string | undefined, clear: unknown): void {
  if ((target === undefined) !== (clear === true)) throw new CliError(`expected ${what}, or --clear and none`);
}

export const pointerVerbs: readonly Verb[] = [channelVerb, defaultVerb];
