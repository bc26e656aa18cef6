// A key of our own (master key, pepper) by an operator's reference: a variable, a file, or their secret manager.
import { parseKeyText, KEY_TEXT_EXPECTED } from "../kernel/key-bytes.ts";
import type { KeySource } from "../ports/key-source.ts";
import { unusableSecret } from "./secret-error.ts";
import type { Secrets } from "./secrets.ts";

/** The key that `reference` names. Nothing is made: an operator who names a key has one. */
export function createReferenceKey(reference: string, secrets: Pick<Secrets, "resolve">): KeySource {
  return {
    name: reference,
    async read() {
      const parsed = parseKeyText((await secrets.resolve(reference)).reveal());
      if (parsed.ok) return parsed.key;
      throw unusableSecret(reference, `${parsed.problem}, expected ${KEY_TEXT_EXPECTED}`);
    },
  };
}
