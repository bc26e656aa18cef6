// Stored versions that are data come back to life when a registry opens: made anew by their sources, without any code. One that cannot be
// is kept, not callable here, and told; it never keeps the others from starting.
import { toProblemsError, type Problem } from "../../errors/toolyard-error.ts";
import type { Environment } from "../../pipeline/environment.ts";
import type { CatalogStore, StoredVersion } from "../../ports/catalog-store.ts";
import { findEntry } from "../../registry/index.ts";
import type { PublishedDefinition } from "../../tool/publish.ts";
import type { PublishedTool } from "../../tool/tool-version.ts";
import { checkDefinitions } from "./check-definitions.ts";
import { keepResultRule } from "./commit-publication.ts";
import { readStored } from "./read-data.ts";

/** A stored version that a known source makes no tool of. */
export interface UnusableVersion {
  readonly name: string;
  readonly version: string;
  readonly error: unknown;
}

export type Revived = PublishedTool | UnusableVersion;

/** Definitions that are read at the same time. */
const AT_ONCE = 64;

/** What becomes of those of `rows` whose source is known. Never rejects. */
export async function revive(
  rows: readonly StoredVersion[],
  store: Pick<CatalogStore, "definition">,
  environment: Environment,
): Promise<readonly Revived[]> {
  const known = rows.filter(({ source }) => environment.sources.has(source));
  const revived: Revived[] = [];
  for (let index = 0; index < known.length; index += AT_ONCE) {
    const batch = known.slice(index, index + AT_ONCE);
    revived.push(...(await Promise.all(batch.map((row) => reviveOne(row, store, environment)))));
  }
  return revived;
}

async function reviveOne(
  { name, version, digest }: StoredVersion,
  store: Pick<CatalogStore, "definition">,
  environment: Environment,
): Promise<Revived> {
  try {
    const read = readStored(await store.definition(name, version), digest, environment.sources);
    const [tool] = checkDefinitions([toNamed(read, `${name}@${version}`)], environment, "user");
    if (tool !== undefined) return tool;
    throw toProblemsError("INVALID_DEFINITION", `${name}@${version} cannot be used.`, []);
  } catch (error) {
    return { name, version, error };
  }
}

function toNamed(read: PublishedDefinition, label: string): PublishedDefinition {
  if (read.ok) return read;
  return { ok: false, problems: read.problems.map(({ path, message }) => ({ path: path || label, message })) };
}

/** Remembers and tells what did not come back. Listeners are told once the registry is in the hands of whoever opens it. */
export function takeRevived(revived: readonly Revived[], environment: Environment): void {
  const unusable: UnusableVersion[] = [];
  for (const one of revived) {
    if ("error" in one) unusable.push(one);
    else keepResultRule(environment, one);
  }
  environment.unusable = unusable;
  if (unusable.length === 0) return;
  const tell = (): void => {
    for (const one of unusable) environment.report({ kind: "tool.unusable", ...one });
  };
  environment.clock.setTimer(0, tell).unref?.();
}

/** What is wrong with the stored versions that did not come back, for `registry.check()`. */
export function listUnusable({ unusable, catalogue }: Environment): readonly Problem[] {
  return unusable
    .filter(({ name, version }) => {
      const tool = catalogue.find(name);
      return tool !== undefined && findEntry(tool, version) === undefined;
    })
    .map(({ name, version, error }) => {
      const message = error instanceof Error ? error.message : String(error);
      return { path: `${name}@${version}`, message: `is stored, and cannot be called here: ${message}` };
    });
}
