// What is asked of a store of the catalogue.
import fc from "fast-check";
import type { JsonValue } from "../../../src/kernel/json.ts";
import type { CatalogChange, CatalogStore } from "../../../src/ports/catalog-store.ts";
import { json, mostly, plainChange as change, type Step, toStep } from "./step.ts";

// As tools are called: the store is given no other names.
const name = mostly(["a.b"], fc.constantFrom("a", "a_b", "orders.get"));
const version = mostly(["1.9.0", "1.10.0"], fc.constantFrom("1.0.0", "1.0.0-rc.1", "2.0.0"));
const expected = fc.constantFrom(0, 0, 1, 1, 2, 3);
const body = json as fc.Arbitrary<JsonValue>;

const put = fc.uniqueArray(
  fc
    .tuple(version, fc.constantFrom("sha256:1", "sha256:2"), fc.constantFrom("code", "import"), change, body)
    .map(([of, digest, source, by, definition]) => ({ version: of, digest, source, definition, ...by })),
  { selector: (one) => one.version, maxLength: 3 },
);

const oneChange: fc.Arbitrary<CatalogChange> = fc
  .tuple(name, expected, fc.option(fc.tuple(body, change), { freq: 4 }), put, fc.uniqueArray(version, { maxLength: 2 }))
  .map(([of, from, kept, added, remove]) => ({
    name: of,
    expected: from,
    tool: kept === null ? null : { name: of, revision: from + 1, state: kept[0], ...kept[1] },
    put: kept === null ? [] : added,
    remove: kept === null || from === 0 ? [] : remove.filter((gone) => added.every((one) => one.version !== gone)),
  }));

/** Nobody takes away what he takes for new. */
const isSensible = ({ expected: from, tool }: CatalogChange): boolean => from > 0 || tool !== null;

const several = fc.uniqueArray(oneChange.filter(isSensible), {
  selector: (one) => one.name,
  minLength: 2,
  maxLength: 4,
});

export const catalogStep: fc.Arbitrary<Step<CatalogStore>> = fc.oneof(
  toStep("page", fc.tuple(fc.option(name), fc.integer({ min: 1, max: 5 })), (store: CatalogStore, [after, limit]) =>
    store.page(after, limit),
  ),
  toStep("read", name, (store: CatalogStore, of) => store.read(of)),
  toStep("definition", fc.tuple(name, version), (store: CatalogStore, [of, at]) => store.definition(of, at)),
  toStep("save", oneChange.filter(isSensible), (store: CatalogStore, one) => store.save([one])),
  toStep("save", oneChange.filter(isSensible), (store: CatalogStore, one) => store.save([one])),
  // Of several that do not fit any may be named.
  toStep("save", several, async (store: CatalogStore, changes) => (await store.save(changes)).ok),
  toStep("markCalled", fc.tuple(name, version, fc.nat(9)), (store: CatalogStore, [of, at, time]) =>
    store.markCalled(of, at, time),
  ),
);
