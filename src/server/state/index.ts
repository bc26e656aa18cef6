export { DEFAULT_STATE_DIR, findState, openReaders, openStores, type StatePlace } from "./open-state.ts";
