// API keys: made, verified, rotated, revoked.
export { describeKey } from "./describe-key.ts";
export { parseKey, type ParsedKey } from "./key-format.ts";
export type {
  CreatedKey,
  KeyAnswer,
  KeyDescription,
  KeyInput,
  KeyRefusalReason,
  Keys,
  KeyStatus,
  RevokeOptions,
  RotateOptions,
} from "./keys.ts";
export { type KeysOptions, openKeys } from "./open-keys.ts";
