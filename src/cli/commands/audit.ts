// `toolyard audit …`: the trail that the database keeps.
import { auditAnchorVerb } from "../audit/anchor-verb.ts";
import { auditExportVerb } from "../audit/export-verb.ts";
import { auditPruneVerb } from "../audit/prune-verb.ts";
import { auditSearchVerb } from "../audit/search-verb.ts";
import { auditTailVerb } from "../audit/tail-verb.ts";
import { auditVerifyVerb } from "../audit/verify-verb.ts";
import type { Verb } from "../verb.ts";

export const auditVerbs: readonly Verb[] = [
  auditVerifyVerb,
  auditTailVerb,
  auditSearchVerb,
  auditExportVerb,
  auditAnchorVerb,
  auditPruneVerb,
];
