// `toolyard versions activate|deprecate|retire|restore|delete`: the life of one version.
import { Option } from "commander";
import { type Moment, parseMoment, toTime } from "../audit/moment-option.ts";
import { CliError } from "../cli-error.ts";
import { confirm } from "../confirm.ts";
import { EXIT } from "../exit-code.ts";
import type { Verb } from "../verb.ts";
import { actOnCatalogue, createActOptions, toActOptions } from "./act-options.ts";

const REF = ["<ref>", "a tool with its exact version, such as orders.get@1.2.0"] as const;

/** The acts that need nothing but the version. */
function createPlainVerb(act: "activate" | "retire" | "restore", summary: string, does: string): Verb {
  return {
    name: `versions ${act}`,
    summary,
    arguments: [REF],
    options: createActOptions(),
    examples: [{ command: `versions ${act} orders.get@1.2.0`, does }],
    async run(session, [ref = ""], options) {
      await actOnCatalogue(session, (registry) => registry[act](ref, toActOptions(options)));
      return EXIT.ok;
    },
  };
}

const activateVerb = createPlainVerb("activate", "make a staged version active", "bare names and ranges reach it");
const retireVerb = createPlainVerb("retire", "end calls of a version", "calls of it are refused with what to use");
const restoreVerb = createPlainVerb("restore", "make a deprecated or retired version active", "as it was before");

const deprecateVerb: Verb = {
  name: "versions deprecate",
  summary: "let a version answer with a warning",
  arguments: [REF],
  options: [
    new Option("--message <text>", "what callers are told").makeOptionMandatory(),
    new Option("--sunset <date>", "when it will be retired, such as 2027-01-31").argParser(parseMoment),
    new Option("--successor <ref>", "what to use instead, such as orders.get@2.0.0"),
    ...createActOptions(),
  ],
  examples: [
    {
      command: 'versions deprecate orders.get@1.2.0 --message "Wrong totals." --sunset 2027-01-31',
      does: "every answer of it warns",
    },
  ],
  async run(session, [ref = ""], options) {
    const { message, successor } = options as { readonly message: string; readonly successor?: string };
    const sunset = options["sunset"] as Moment | undefined;
    if (sunset !== undefined && !("at" in sunset)) throw new CliError("--sunset: expected a date, such as 2027-01-31");
    const deprecation = {
      message,
      ...(sunset !== undefined && { sunsetAt: toTime(sunset, session.io.clock.now()) }),
      ...(successor !== undefined && { successor }),
    };
    await actOnCatalogue(session, (registry) => registry.deprecate(ref, deprecation, toActOptions(options)));
    return EXIT.ok;
  },
};

const deleteVerb: Verb = {
  name: "versions delete",
  summary: "remove a version that was never called, for good",
  arguments: [REF],
  options: [new Option("--yes", "do not ask"), ...createActOptions()],
  examples: [{ command: "versions delete orders.get@1.3.0 --yes", does: "refused when it was called: retire it then" }],
  async run(session, [ref = ""], options) {
    if (options["yes"] !== true && !(await confirm(session.io, `Remove ${ref} for good?`))) return EXIT.refused;
    await actOnCatalogue(session, (registry) => registry.delete(ref, toActOptions(options)));
    if (session.output.json) session.output.data({ deleted: ref });
    else session.output.text(`deleted ${ref}`);
    return EXIT.ok;
  },
};

export const statusVerbs: readonly Verb[] = [activateVerb, deprecateVerb, retireVerb, restoreVerb, deleteVerb];
