// A value now, or a promise of it. The call path never awaits what is already there: an await costs a turn of the
// microtask queue even for a plain value.

export type MaybePromise<T> = T | PromiseLike<T>;

/** Whether `value` has to be awaited. */
export function isPromiseLike<T>(value: MaybePromise<T>): value is PromiseLike<T> {
  return (
    value !== null &&
    (typeof value === "object" || typeof value === "function") &&
    typeof (value as { then?: unknown }).then === "function"
  );
}
