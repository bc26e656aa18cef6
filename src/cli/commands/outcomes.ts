// `toolyard outcomes …`: calls whose effect nobody knows.
import { outcomesListVerb } from "../outcomes/list-verb.ts";
import { outcomesResolveVerb } from "../outcomes/resolve-verb.ts";
import type { Verb } from "../verb.ts";

export const outcomesVerbs: readonly Verb[] = [outcomesListVerb, outcomesResolveVerb];
