// `toolyard secrets …`: the vault of secrets that tools use.
import { secretsListVerb } from "../secrets/list-verb.ts";
import { secretsRemoveVerb } from "../secrets/remove-verb.ts";
import { secretsRotateKeyVerb } from "../secrets/rotate-key-verb.ts";
import { secretsSetVerb } from "../secrets/set-verb.ts";
import type { Verb } from "../verb.ts";

export const secretVerbs: readonly Verb[] = [secretsSetVerb, secretsListVerb, secretsRemoveVerb, secretsRotateKeyVerb];
