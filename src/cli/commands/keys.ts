// `toolyard keys …`: the API keys that the state keeps.
import { keysCreateVerb } from "../keys/create-verb.ts";
import { keysListVerb } from "../keys/list-verb.ts";
import { keysRevokeVerb } from "../keys/revoke-verb.ts";
import { keysRotateVerb } from "../keys/rotate-verb.ts";
import type { Verb } from "../verb.ts";

export const keyVerbs: readonly Verb[] = [keysCreateVerb, keysListVerb, keysRotateVerb, keysRevokeVerb];
