// The first key of a state that has none: without it nobody could make the others.
import type { SecretText } from "../kernel/secret-text.ts";
import type { Keys } from "../keys/index.ts";

/** The key of the operator `admin`, for 90 days; null: there are keys already. Shown once by whoever asked. */
export async function makeBootstrapKey(keys: Keys): Promise<SecretText | null> {
  const [first] = await keys.list({ limit: 1 });
  if (first !== undefined) return null;
  const { key } = await keys.create({
    principal: "admin",
    name: "bootstrap",
    env: "admin",
    roles: ["ADMIN"],
    by: "bootstrap",
  });
  return key;
}
