// What has changed between two versions of a tool, and whether its version number says so.
export { checkBump } from "./check-bump.ts";
export type { BumpCheck } from "./check-bump.ts";
export type { Bump, ChangeClass, ContractChange } from "./contract-change.ts";
export { diffContracts } from "./diff-contracts.ts";
export type { ContractDiff } from "./diff-contracts.ts";
export { readToolVersion } from "./read-tool-version.ts";
export type { ReadToolVersion } from "./read-tool-version.ts";
