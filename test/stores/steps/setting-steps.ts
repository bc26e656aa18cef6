// What is asked of a store of settings.
import fc from "fast-check";
import type { JsonValue } from "../../../src/kernel/json.ts";
import type { SettingKind, SettingStore } from "../../../src/ports/setting-store.ts";
import { change, json, mostly, type Step, text, toStep } from "./step.ts";

const kind = mostly<SettingKind>(["principal"], fc.constantFrom("role"));
const id = mostly(["a\0b", "a"], text);
const expected = fc.oneof(fc.constantFrom(0, 1, 1, 2, 3), fc.constant(null));
const revision = fc.constantFrom(0, 0, 1, 2);
const body = json as fc.Arbitrary<JsonValue>;

export const settingStep: fc.Arbitrary<Step<SettingStore>> = fc.oneof(
  toStep("get", fc.tuple(kind, id), (store: SettingStore, [of, named]) => store.get(of, named)),
  toStep(
    "page",
    fc.tuple(kind, fc.option(id), fc.integer({ min: 1, max: 20 })),
    (store: SettingStore, [of, after, limit]) => store.page(of, after, limit),
  ),
  toStep("set", fc.tuple(kind, id, body, change, expected), (store: SettingStore, [of, named, value, by, from]) =>
    store.set({ kind: of, id: named, body: value, ...by }, from),
  ),
  toStep("set", fc.tuple(kind, id, body, change), (store: SettingStore, [of, named, value, by]) =>
    store.set({ kind: of, id: named, body: value, ...by }, null),
  ),
  toStep("remove", fc.tuple(kind, id, expected), (store: SettingStore, [of, named, from]) =>
    store.remove(of, named, from),
  ),
  toStep(
    "save",
    fc.tuple(
      fc.uniqueArray(fc.record({ kind, id, body: fc.option(body), expected: revision }), {
        selector: (one) => JSON.stringify([one.kind, one.id]),
        maxLength: 4,
      }),
      change,
    ),
    (store: SettingStore, [changes, by]) => store.save(changes, by),
  ),
);
