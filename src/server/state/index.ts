export {
  AUDIT_KEY_VARIABLE,
  DEFAULT_STATE_DIR,
  findState,
  openReaders,
  openStores,
  type StatePlace,
} from "./open-state.ts";
