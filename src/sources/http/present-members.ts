// A definition has the members that were given or have a default, and no others: undefined is nothing that a file can hold.

/** `T` with the members that may be undefined left out instead. */
export type Present<T> = {
  [K in keyof T as undefined extends T[K] ? never : K]: T[K];
} & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

/** `record` without its members that are undefined. */
export function toPresent<T extends object>(record: T): Present<T> {
  return Object.fromEntries(Object.entries(record).filter(([, member]) => member !== undefined)) as Present<T>;
}
