// The JSON Schema of YAML and JSON files, for editors (https://json-schema.org/draft/2020-12).
import { z } from "zod";
import type { JsonObject } from "../../kernel/json.ts";
import { DATA_SCHEMA } from "./config-schema.ts";

/** Keys of `meta` that are ours and mean nothing to others. */
const OURS = ["accepts", "fallback", "reload", "code", "place", "open", "secret"];

/** What a configuration in YAML or JSON may say, as JSON Schema (draft 2020-12). */
export function toConfigJsonSchema(): JsonObject {
  const schema = z.toJSONSchema(DATA_SCHEMA, {
    io: "input",
    unrepresentable: "any",
    override: ({ jsonSchema }) => {
      for (const key of OURS) delete jsonSchema[key];
    },
  });
  return { ...(schema as unknown as JsonObject), title: "Configuration of Toolyard" };
}
