// State that lives and ends with the process. Every other store has to behave like these.
export {
  createMemoryArtefactStore,
  type MemoryArtefactStore,
  type MemoryArtefactStoreOptions,
} from "./artefact-store.ts";
export { createMemoryCacheStore, type MemoryCacheStore, type MemoryCacheStoreOptions } from "./cache-store.ts";
export { createMemoryCatalogStore, type MemoryCatalogStore } from "./catalog-store.ts";
export {
  createMemoryIdempotencyStore,
  type MemoryIdempotencyStore,
  type MemoryIdempotencyStoreOptions,
} from "./idempotency-store.ts";
export { createMemoryOutcomeStore, type MemoryOutcomeStore } from "./outcome-store.ts";
export { createMemoryQuotaStore, type MemoryQuotaStore, type MemoryQuotaStoreOptions } from "./quota-store.ts";
export { createMemorySlotStore, type MemorySlotStore } from "./slot-store.ts";
export { createMemorySettingStore } from "./setting-store.ts";
