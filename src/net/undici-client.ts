// The HTTP/1.1 client, without a side effect of loading it: undici puts its own dispatcher where Node's `fetch` looks for
// one, over what a host program has put there. That is put back. The order of these two imports matters.
import { DISPATCHER_SLOT, dispatcherBefore } from "./dispatcher-before.ts";
import { Client, type Dispatcher } from "undici";

Reflect.set(globalThis, DISPATCHER_SLOT, dispatcherBefore);

export { Client, type Dispatcher };
