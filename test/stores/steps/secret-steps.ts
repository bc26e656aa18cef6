// What is asked of a store of sealed secrets.
import fc from "fast-check";
import type { SealedSecret, SecretStore } from "../../../src/ports/secret-store.ts";
import { change, mostly, type Step, toStep } from "./step.ts";

const name = mostly(["a", "A"], fc.constantFrom("a.b", "a_b", "stripe-key"));
const master = fc.constantFrom("m1", "m1", "m1", "m2");
const secret: fc.Arbitrary<{ readonly secret: SealedSecret; readonly expected: number }> = fc
  .tuple(name, fc.constantFrom(0, 0, 1, 2), master, fc.constantFrom("c1", "c2"), change)
  .map(([of, expected, masterKeyId, sealed, by]) => ({
    secret: { name: of, revision: expected + 1, masterKeyId, sealed, ...by },
    expected,
  }));

/** Seals anew, unless the rewrap is to fail at this name. */
const toRewrap =
  (to: string, failsAt: string | null) =>
  (one: SealedSecret): SealedSecret => {
    if (one.name === failsAt) throw new Error(`cannot be opened: ${failsAt}`);
    return { ...one, masterKeyId: to, sealed: `${one.sealed}'` };
  };

export const secretStep: fc.Arbitrary<Step<SecretStore>> = fc.oneof(
  toStep("readMasterKeyId", fc.constant(null), (store: SecretStore) => store.readMasterKeyId()),
  toStep("keepMasterKeyId", master, (store: SecretStore, id) => store.keepMasterKeyId(id)),
  toStep("keepMasterKeyId", fc.constant("m1"), (store: SecretStore, id) => store.keepMasterKeyId(id)),
  toStep("get", name, (store: SecretStore, of) => store.get(of)),
  toStep("page", fc.tuple(fc.option(name), fc.integer({ min: 1, max: 6 })), (store: SecretStore, [after, limit]) =>
    store.page(after, limit),
  ),
  toStep("set", secret, (store: SecretStore, one) => store.set(one.secret, one.expected)),
  toStep("set", secret, (store: SecretStore, one) => store.set(one.secret, one.expected)),
  toStep("remove", name, (store: SecretStore, of) => store.remove(of)),
  toStep(
    "replaceMasterKey",
    fc.tuple(master, master, fc.option(name, { freq: 1 })),
    (store: SecretStore, [from, to, failsAt]) => store.replaceMasterKey(from, to, toRewrap(to, failsAt)),
  ),
);
