// State that lives and ends with the process. Every other store has to behave like these.
export { createMemoryQuotaStore, type MemoryQuotaStore, type MemoryQuotaStoreOptions } from "./quota-store.ts";
export { createMemorySlotStore, type MemorySlotStore } from "./slot-store.ts";
