// `toolyard config schema`: the JSON Schema of configuration files, for editors.
import { toConfigJsonSchema } from "../../server/config/index.ts";
import { EXIT } from "../exit-code.ts";
import type { Verb } from "../verb.ts";

export const configSchemaVerb: Verb = {
  name: "config schema",
  summary: "print the JSON Schema of toolyard.config.yaml and .json",
  arguments: [],
  options: [],
  examples: [{ command: "config schema > toolyard.schema.json", does: "for the editor that the file is written in" }],
  run({ output }) {
    output.data(toConfigJsonSchema());
    return Promise.resolve(EXIT.ok);
  },
};
