// `toolyard config …`: what is configured, and where it came from.
import { configCheckVerb } from "../config/check-verb.ts";
import { configPrintVerb } from "../config/print-verb.ts";
import { configSchemaVerb } from "../config/schema-verb.ts";
import type { Verb } from "../verb.ts";

export const configVerbs: readonly Verb[] = [configPrintVerb, configCheckVerb, configSchemaVerb];
