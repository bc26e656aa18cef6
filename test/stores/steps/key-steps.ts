// What is asked of a store of API keys.
import fc from "fast-check";
import type { KeyStore, StoredKey } from "../../../src/ports/key-store.ts";
import { mostly, type Step, text, toStep } from "./step.ts";

// As ids are made: the store is given no others.
const id = mostly(["Zz", "aa"], fc.constantFrom("0a", "0B", "9z", "zz"));
const who = mostly(["t"], text);
const time = fc.nat(9);
const key: fc.Arbitrary<StoredKey> = fc.record({
  id,
  name: text,
  env: fc.constantFrom("live", "test"),
  hash: fc.constantFrom("00", "ff"),
  tenant: who,
  principal: who,
  roles: fc.option(fc.array(fc.constantFrom("USER", "ADMIN"), { maxLength: 2 })),
  scopes: fc.array(text, { maxLength: 2 }),
  createdAt: time,
  createdBy: fc.option(text),
  expiresAt: fc.option(time.map((at) => at + 5)),
  revokedAt: fc.constant(null),
  lastUsedAt: fc.constant(null),
  replacedBy: fc.constant(null),
});
const filter = fc.record(
  { tenant: who, principal: who, after: id, limit: fc.constantFrom(-1, 0, 1, 2, 5_000) },
  { requiredKeys: [] },
);

export const keyStep: fc.Arbitrary<Step<KeyStore>> = fc.oneof(
  toStep("readMark", fc.constant(null), (store: KeyStore) => store.readMark()),
  toStep("keepMark", fc.constantFrom("aa", "bb"), (store: KeyStore, mark) => store.keepMark(mark)),
  toStep("add", key, (store: KeyStore, one) => store.add(one)),
  toStep("add", key, (store: KeyStore, one) => store.add(one)),
  toStep("get", id, (store: KeyStore, of) => store.get(of)),
  toStep("list", filter, (store: KeyStore, by) => store.list(by)),
  toStep(
    "replace",
    fc.tuple(
      id,
      key,
      time.map((at) => at + 5),
    ),
    (store: KeyStore, [old, successor, ends]) => store.replace(old, successor, ends),
  ),
  toStep("revoke", fc.tuple(id, time), (store: KeyStore, [of, at]) => store.revoke(of, at)),
  toStep("touch", fc.array(fc.record({ id, at: time }), { maxLength: 6 }), (store: KeyStore, uses) =>
    store.touch(uses),
  ),
);
