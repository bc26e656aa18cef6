// No secret comes out. Every kind of secret is a random canary, is used in every way there is, and is then looked for in everything that
// came out, in every form (S-70). That the search finds what is there, `canary-forms.test.ts` shows.
import { afterAll, beforeAll, expect, test } from "vitest";
import { createKeyHasher } from "../../src/keys/key-hasher.ts";
import { ARGUMENTS } from "./canary-calls.ts";
import { findCanaries } from "./canary-forms.ts";
import { type CanaryWorld, createCanaryWorld, SECRETS } from "./canary-world.ts";

let world: CanaryWorld;
beforeAll(async () => {
  world = await createCanaryWorld();
}, 300_000);
afterAll(() => {
  world[Symbol.dispose]();
});

test("no canary is in anything that came out, in any form", () => {
  expect(world.places.size).toBeGreaterThan(60);
  expect(world.canaries.length).toBeGreaterThan(20);
  expect(findCanaries(world.canaries, world.places)).toEqual([]);
});

test("what was looked through has everything in it: both databases with their logs, trails, outputs, errors, a backup", () => {
  const names = [...world.places.keys()].join("\n");
  for (const name of [
    ...["data/state.db while", "data/state.db-wal while", "data/ledger.db while", "data/ledger.db-wal while"],
    ...["data/state.db at the end", "redacted.jsonl at the end", "all.backup at the end"],
    ...[
      "toolyard audit search",
      "toolyard audit export",
      "toolyard usage",
      "error: another master key",
      "outcomes as JSON",
    ],
  ])
    expect(names).toContain(name);
  // The calls and the acts are in them, so what is not there was kept out.
  const all = Buffer.concat([...world.places.values()]).toString("latin1");
  for (const text of ["crm.throws", "key.rotated", "secret.changed", "[redacted]", "call.refused", "crm/token"])
    expect(all).toContain(text);
});

test("the same calls carry the canaries where a trail is told to keep arguments as they are", () => {
  const trail = new Map([["full", world.fullTrail]]);
  for (const canary of Object.values(ARGUMENTS)) expect(findCanaries([canary], trail), canary.what).not.toEqual([]);
  expect(findCanaries(Object.values(SECRETS), trail)).toEqual([]);
});

test("a dump of the databases has no usable key in it: every text of it that could be one is none", () => {
  const dump = Buffer.concat([...world.places].filter(([place]) => place.includes(".db")).map(([, bytes]) => bytes));
  const text = dump.toString("latin1");
  expect(text).not.toMatch(/ty_[a-z0-9]{1,16}_[0-9A-Za-z]{18}_[0-9A-Za-z]{20}/);
  for (const key of world.keys) {
    const id = key.split("_")[2] as string;
    // The id is there, and beside it only what is worth nothing without the pepper.
    expect(text).toContain(id);
    const guess = createKeyHasher(new Uint8Array(32)).hash(key).toString("hex");
    expect(text).not.toContain(guess);
  }
});
