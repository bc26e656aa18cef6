// The engine's garbage collector, to be run between measurements: what one leaves behind is not paid for by the next.
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");

/** Collects at once: everything, or the young generation alone. */
export const collect: (options?: { readonly type: "major" | "minor" }) => void = runInNewContext("gc");
