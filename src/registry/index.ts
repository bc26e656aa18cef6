export { createCatalogue, type Catalogue } from "./catalogue.ts";
export { createToolEntry, type Entry, type ToolEntry } from "./entry.ts";
export { lookupAmong, type Lookup, type Snapshot } from "./snapshot.ts";
