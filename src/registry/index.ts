export { createCatalogue, type Catalogue } from "./catalogue.ts";
export type { Entry, ToolEntry } from "./entry.ts";
export { type Lookup, type Snapshot } from "./snapshot.ts";
