// The catalogue as a file that people read: written from the stores, compared with them, and brought back into them.
export { applyImport } from "./apply-import.ts";
export { checkPlan } from "./check-plan.ts";
export type { FieldChange } from "./field-change.ts";
export { type ImportChange, type ImportPlan, planImport } from "./plan-import.ts";
export { toYamlJson } from "./parse-yaml.ts";
export { MAX_CATALOGUE_BYTES, readCatalogue } from "./read-catalogue.ts";
export { readSecretNames } from "./read-stores.ts";
export { writeCatalogue, type WrittenCatalogue } from "./write-catalogue.ts";
