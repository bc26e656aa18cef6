// Secrets in variables of the environment, which the caller hands over. Nothing is kept: the next use reads the variable again.
import { findNearest } from "../kernel/nearest.ts";
import { getOwn } from "../kernel/own.ts";
import type { Reference } from "./reference.ts";
import { unusableSecret } from "./secret-error.ts";

export type SecretEnvironment = Readonly<Record<string, string | undefined>>;

/** The value of the variable that `reference` names. Throws SECRET_UNUSABLE. */
export function readEnvSecret({ text, name }: Reference, env: SecretEnvironment): string {
  const value = getOwn(env, name);
  if (value !== undefined && value !== "") return value;
  const near = value === "" ? undefined : findNearest(name, Object.keys(env), 1)[0];
  const hint = near === undefined ? "" : `; did you mean env:${near}?`;
  throw unusableSecret(text, value === "" ? "the variable is empty" : `the variable is not set${hint}`);
}
