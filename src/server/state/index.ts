export {
  createKeyReference,
  type CredentialOptions,
  openStateKeys,
  openStateSecrets,
  type StateSecrets,
} from "./open-credentials.ts";
export { openDatabases, type OpenDatabases, openPostgres } from "./open-databases.ts";
export {
  AUDIT_KEY_VARIABLE,
  findState,
  openReaders,
  openStores,
  type StatePlace,
  toLedgerOptions,
} from "./open-state.ts";
