// Holds what is about to be published against what it claims to follow: a version against the nearest lower release, a definition
// against the one that is stored under its version, a canary against the version it answers for.
import { toProblemsError, type Problem } from "../../errors/toolyard-error.ts";
import type { CatalogStore } from "../../ports/catalog-store.ts";
import type { ContractCheck, ToolEntry } from "../../registry/index.ts";
import { checkBump, type ContractChange, diffContracts } from "../../tool/contract/index.ts";
import type { ToolVersion } from "../../tool/tool-version.ts";
import { keep } from "./tool-writer.ts";

export interface ContractOptions {
  /** For the error. */
  readonly what: string;
  /** Why breaking is let through; null: it is not. */
  readonly forced: string | null;
}

/** Changes of one version that an error names. */
const MAX_NAMED = 10;

/** `checks` with the definitions that are only in the store. */
export async function loadDefinitions(
  checks: readonly ContractCheck[],
  store: CatalogStore,
): Promise<readonly ContractCheck[]> {
  const loaded: ContractCheck[] = [];
  for (const check of checks) {
    if (check.definition !== null) {
      loaded.push(check);
      continue;
    }
    const stored = await keep(() => store.definition(check.after.name, check.before));
    // Gone meanwhile: there is nothing to break.
    if (stored !== null) loaded.push({ ...check, definition: { ...(stored as unknown as ToolVersion), digest: "" } });
  }
  return loaded;
}

/** The definitions of the versions of `tool` of which this process has no code. */
export async function loadAbsent(
  tool: ToolEntry,
  store: CatalogStore | null,
): Promise<ReadonlyMap<string, ToolVersion>> {
  const loaded = new Map<string, ToolVersion>();
  if (store === null) return loaded;
  for (const { version, digest } of tool.absent) {
    const definition = await keep(() => store.definition(tool.name, version));
    if (definition !== null) loaded.set(version, { ...(definition as unknown as ToolVersion), digest });
  }
  return loaded;
}

/** Throws CONTRACT_BROKEN that names every version which changes more than its number says. */
export function checkContracts(checks: readonly ContractCheck[], { what, forced }: ContractOptions): void {
  if (forced !== null) return;
  const problems = checks.flatMap((check) => toProblem(check));
  if (problems.length === 0) return;
  throw toProblemsError("CONTRACT_BROKEN", `${what}: definitions change more than their versions say.`, problems);
}

function toProblem({ kind, after, before, definition }: ContractCheck): readonly Problem[] {
  if (definition === null) return [];
  const diff = diffContracts(definition, after);
  const path = `${after.name}@${after.version}`;
  switch (kind) {
    case "bump": {
      const bump = checkBump(before, after.version, diff);
      if (bump.ok) return [];
      const changes = diff.changes.filter((change) => change.class === diff.changes[0]?.class);
      return [{ path, message: `${bump.message}: ${toList(changes)}` }];
    }
    case "redefinition":
    case "canary": {
      const changes = diff.changes.filter((change) => change.class === "breaking");
      if (changes.length === 0) return [];
      const lead =
        kind === "canary"
          ? `breaks the contract of ${before}, for which it would answer`
          : `breaks the contract that is stored under this version; publish it as ${toSmallest(definition, diff)} or higher`;
      return [{ path, message: `${lead}: ${toList(changes)}` }];
    }
  }
}

function toSmallest({ version }: ToolVersion, diff: ReturnType<typeof diffContracts>): string {
  return checkBump(version, version, diff).smallest;
}

function toList(changes: readonly ContractChange[]): string {
  const named = changes.slice(0, MAX_NAMED).map(({ path, message }) => `${path}: ${message}`);
  const left = changes.length - named.length;
  return `${named.join("; ")}${left > 0 ? `; and ${left} more` : ""}`;
}
