// The quick start of the README: the first `ts` fence after `<!-- quick-start -->`. Tests type-check and run it.
import { readFile } from "node:fs/promises";
import { ROOT } from "./entries.ts";

const MARKER = "<!-- quick-start -->";
const FENCE = /^```ts\n(.*?)^```$/msu;

/** Its text. Throws when the README has none. */
export async function readQuickStart(): Promise<string> {
  const readme = await readFile(`${ROOT}README.md`, "utf8");
  const at = readme.indexOf(MARKER);
  const snippet = at === -1 ? undefined : FENCE.exec(readme.slice(at))?.[1];
  if (snippet === undefined) throw new Error(`README.md: expected a \`\`\`ts fence after ${MARKER}`);
  return snippet;
}

/** The compiler options of a careful user's project. */
export const USER_COMPILER_OPTIONS = {
  target: "es2024",
  module: "nodenext",
  strict: true,
  noUncheckedIndexedAccess: true,
  exactOptionalPropertyTypes: true,
  verbatimModuleSyntax: true,
  types: ["node"],
  noEmit: true,
};
