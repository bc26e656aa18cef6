// What is asked of a store of settings.
import fc from "fast-check";
import type { JsonValue } from "../../../src/kernel/json.ts";
import type { SettingKind, SettingStore } from "../../../src/ports/setting-store.ts";
import { change, json, type Step, text, toStep } from "./step.ts";

const kind = fc.constantFrom<SettingKind>("role", "principal");
const expected = fc.oneof(fc.constantFrom(0, 1, 1, 2, 3), fc.constant(null));
const revision = fc.constantFrom(0, 0, 1, 2);
const body = json as fc.Arbitrary<JsonValue>;

export const settingStep: fc.Arbitrary<Step<SettingStore>> = fc.oneof(
  toStep("get", fc.tuple(kind, text), (store: SettingStore, [of, id]) => store.get(of, id)),
  toStep(
    "page",
    fc.tuple(kind, fc.option(text), fc.integer({ min: 1, max: 20 })),
    (store: SettingStore, [of, after, limit]) => store.page(of, after, limit),
  ),
  toStep("set", fc.tuple(kind, text, body, change, expected), (store: SettingStore, [of, id, value, by, from]) =>
    store.set({ kind: of, id, body: value, ...by }, from),
  ),
  toStep("set", fc.tuple(kind, text, body, change), (store: SettingStore, [of, id, value, by]) =>
    store.set({ kind: of, id, body: value, ...by }, null),
  ),
  toStep("remove", fc.tuple(kind, text, expected), (store: SettingStore, [of, id, from]) => store.remove(of, id, from)),
  toStep(
    "save",
    fc.tuple(
      fc.uniqueArray(fc.record({ kind, id: text, body: fc.option(body), expected: revision }), {
        selector: (one) => JSON.stringify([one.kind, one.id]),
        maxLength: 4,
      }),
      change,
    ),
    (store: SettingStore, [changes, by]) => store.save(changes, by),
  ),
);
