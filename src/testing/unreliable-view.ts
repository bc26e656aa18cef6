// A view of an object some of whose methods have faults. Everything runs on the object itself: a `this` that is the view
// has none of the object's private members.
import { formatReceived } from "../errors/option-problems.ts";
import { ToolyardError } from "../errors/toolyard-error.ts";
import { findNearest } from "../kernel/nearest.ts";

type Work = (...args: unknown[]) => unknown;

/** The names of the methods of `T`. */
export type MethodOf<T> = {
  [K in keyof T]-?: NonNullable<T[K]> extends (...args: never) => unknown ? K : never;
}[keyof T];

/** `T`, its methods `K` answering with promises. */
export type Unreliable<T, K extends keyof T> = {
  [P in keyof T]: P extends K ? UnreliableMethod<T[P]> : T[P];
};

/** What returns a promise already is left as it is, its overloads and type parameters too. */
type UnreliableMethod<F> = F extends (...args: never) => Promise<unknown>
  ? F
  : F extends (...args: infer A) => infer R
    ? (...args: A) => Promise<Awaited<R>>
    : F;

/** The view of `object` whose `methods` are what `wrap` makes of them. Throws INVALID_OPTION for one that is not there. */
export function createUnreliableView<T extends object, K extends keyof T>(
  object: T,
  methods: readonly K[],
  wrap: (work: Work) => Work,
): Unreliable<T, K> {
  const wrapped = new Map<PropertyKey, Work>();
  for (const method of methods) {
    if (typeof object[method] !== "function") throw toNoMethod(object, method);
    // Read at each call, so that a method exchanged later is the one that runs.
    wrapped.set(
      method,
      wrap((...args) => (object[method] as Work)(...args)),
    );
  }
  const read = createReader(object, wrapped);
  // Not a proxy of the object: one of a frozen object must show its members as they are.
  const stand = Object.create(Object.getPrototypeOf(object) as object | null) as object;
  return new Proxy(stand, {
    get: (_, key) => read(key),
    set: (_, key, value) => Reflect.set(object, key, value),
    has: (_, key) => Reflect.has(object, key),
    ownKeys: () => Reflect.ownKeys(object),
    deleteProperty: (_, key) => Reflect.deleteProperty(object, key),
    defineProperty: (_, key, descriptor) => Reflect.defineProperty(object, key, descriptor),
    getOwnPropertyDescriptor: (_, key) => {
      const own = Reflect.getOwnPropertyDescriptor(object, key);
      if (own === undefined) return undefined;
      return { value: read(key), writable: true, enumerable: own.enumerable === true, configurable: true };
    },
  }) as Unreliable<T, K>;
}

/** Reads a member as the view shows it: the same function for the same method each time. */
function createReader(object: object, wrapped: ReadonlyMap<PropertyKey, Work>): (key: PropertyKey) => unknown {
  const bound = new WeakMap<object, unknown>();
  return (key) => {
    const value: unknown = Reflect.get(object, key);
    if (typeof value !== "function" || key === "constructor") return value;
    const known = wrapped.get(key) ?? bound.get(value);
    if (known !== undefined) return known;
    const method: unknown = value.bind(object);
    bound.set(value, method);
    return method;
  };
}

function toNoMethod(object: object, method: PropertyKey): ToolyardError {
  const names = new Set<string>();
  for (let at: unknown = object; at !== null && at !== Object.prototype; at = Object.getPrototypeOf(at)) {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(at)))
      if (typeof value === "function" && name !== "constructor") names.add(name);
  }
  const [nearest] = typeof method === "string" ? findNearest(method, names, 1) : [];
  const hint = nearest === undefined ? "" : `; did you mean "${nearest}"?`;
  return new ToolyardError(
    "INVALID_OPTION",
    `fault injector: received the method ${formatReceived(method)}, expected one of ${[...names].join(", ")}${hint}`,
  );
}
