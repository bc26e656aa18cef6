// Secrets by reference, and the vault they may be in.
export { openSecrets, type SecretsOptions } from "./open-secrets.ts";
export type { SecretProvider } from "./provider.ts";
export { createReferenceKey } from "./reference-key.ts";
export { MAX_SECRET_BYTES } from "./secret-value.ts";
export type { ResolveOptions, SecretChange, SecretDescription, SecretPage, Secrets } from "./secrets.ts";
