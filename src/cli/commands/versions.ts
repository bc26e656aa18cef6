// `toolyard versions …`: the life of published versions, and what leads to them.
import type { Verb } from "../verb.ts";
import { versionsListVerb } from "../versions/list-verb.ts";
import { pointerVerbs } from "../versions/pointer-verbs.ts";
import { rolloutVerbs } from "../versions/rollout-verbs.ts";
import { statusVerbs } from "../versions/status-verbs.ts";

export const versionVerbs: readonly Verb[] = [versionsListVerb, ...statusVerbs, ...pointerVerbs, ...rolloutVerbs];
