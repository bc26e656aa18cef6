// `toolyard diff`: what has changed between two versions of a tool, and whether its version number says so.
import { checkBump, diffContracts, parseToolRef, type ToolVersion } from "../../index.ts";
import { invariant } from "../../kernel/invariant.ts";
import { findNearest } from "../../kernel/nearest.ts";
import { CliError } from "../cli-error.ts";
import { printDiff } from "../diff/print-diff.ts";
import { isFileName, readVersionFile, toFileVersion, type VersionFile } from "../diff/read-version-file.ts";
import { EXIT } from "../exit-code.ts";
import { openProject, type Project } from "../project.ts";
import type { Session, Verb } from "../verb.ts";

export const diffVerb: Verb = {
  name: "diff",
  summary: "compare two versions of a tool: what breaks, what is new, what models are told",
  arguments: [
    ["<before>", "a tool with its version, or a file (.json, .yaml) of tools --json, with #tool where it has several"],
    ["<after>", "the same"],
  ],
  options: [],
  examples: [
    { command: "diff orders.get@1.2.0 orders.get@1.3.0", does: "two versions of the configuration" },
    { command: "diff released.json orders.get", does: "for CI: exits 1 when the version says too little" },
    { command: "diff old.yaml new.yaml#orders.get --json", does: "two files, for programs" },
  ],
  async run(session, [before = "", after = ""]) {
    const [old, now] = await readBoth(session, before, after);
    const diff = diffContracts(old, now);
    const check = checkBump(old.version, now.version, diff);
    if (session.output.json) session.output.data({ before: toIdentity(old), after: toIdentity(now), ...diff, check });
    else printDiff(session.output, { before: old, after: now, diff, check });
    return check.ok ? EXIT.ok : EXIT.refused;
  },
};

/** Both versions. The configuration is opened only for what is in no file. */
async function readBoth(session: Session, before: string, after: string): Promise<readonly [ToolVersion, ToolVersion]> {
  const needsProject = !isFileName(before) || !isFileName(after);
  const read = async (given: string): Promise<VersionFile | null> =>
    isFileName(given) ? readVersionFile(given, session.io.cwd) : null;
  const [old, now] = [await read(before), await read(after)];
  await using project = needsProject ? await openProject(session) : null;
  const toVersion = (
    given: string,
    file: VersionFile | null,
    other: string,
    otherFile: VersionFile | null,
  ): ToolVersion => {
    if (file !== null) return toFileVersion(file, toToolName(otherFile === null ? other : otherFile.tool));
    invariant(project !== null, "a project was opened for what is in no file");
    return findVersion(project, given);
  };
  return [toVersion(before, old, after, now), toVersion(after, now, before, old)];
}

/** The name in a reference: the tool that is named on one side is meant on the other. */
function toToolName(ref: string | null): string | null {
  const parsed = ref === null ? null : parseToolRef(ref);
  return parsed?.ok === true ? parsed.ref.name : null;
}

function findVersion({ registry }: Project, ref: string): ToolVersion {
  const parsed = parseToolRef(ref);
  if (!parsed.ok) throw new CliError(`${parsed.message}; or a file that ends in .json or .yaml`);
  const found = registry.get(ref);
  if (found !== undefined) return found;
  const { name } = parsed.ref;
  const versions = registry.versions(name).map((one) => `${one.name}@${one.version}`);
  if (versions.length > 0) throw new CliError(`there is no ${ref}; there are ${versions.join(", ")}`);
  const near = findNearest(
    name,
    registry.list({ status: "any" }).map((one) => one.name),
    1,
  )[0];
  throw new CliError(
    `there is no tool ${JSON.stringify(name)}; ${near === undefined ? `"toolyard tools" lists what there is` : `did you mean ${near}?`}`,
  );
}

function toIdentity({ name, version, digest }: ToolVersion): object {
  return { name, version, digest };
}
