import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { RecordedAct } from "../ports/act-recorder.ts";
import type { KeySource } from "../ports/key-source.ts";
import type { KeyStore } from "../ports/key-store.ts";
import { createMemoryKeyStore } from "../stores/memory/key-store.ts";
import { createManualClock } from "../testing/manual-clock.ts";
import type { KeyInput } from "./keys.ts";
import { openKeys } from "./open-keys.ts";

const DAY = 86_400_000;

function toSource(key: Uint8Array = randomBytes(32), name = "file:/data/pepper.key"): KeySource {
  return { name, read: () => key };
}

async function open(store: KeyStore = createMemoryKeyStore(), pepper: KeySource = toSource()) {
  const clock = createManualClock();
  const acts: [string, RecordedAct][] = [];
  const recorder = {
    intend: (act: RecordedAct): void => void acts.push(["intended", act]),
    record: (act: RecordedAct): void => void acts.push(["done", act]),
  };
  const keys = await openKeys({ store, pepper, clock, acts: recorder, cacheMs: 60_000 });
  return { clock, acts, keys, store };
}

describe("create", () => {
  test("makes a key that works, with defaults that end", async () => {
    const { keys, clock } = await open();
    const { key, description } = await keys.create({ principal: "alice" });
    expect(description).toEqual({
      ...{ id: description.id, name: "alice", env: "live", tenant: "default", principal: "alice" },
      ...{ roles: null, scopes: [], createdAt: clock.now(), createdBy: null, expiresAt: clock.now() + 90 * DAY },
      ...{ revokedAt: null, lastUsedAt: null, replacedBy: null, status: "active" },
    });
    expect(await keys.verify(key.reveal())).toMatchObject({ ok: true, keyId: description.id });
    expect(await keys.list()).toEqual([description]);
  });

  test("gives the key to nobody but who made it: neither the store, the list, nor what is recorded has it", async () => {
    const { keys, acts, store } = await open();
    const made = await keys.create({ principal: "alice", env: "test", roles: ["ADMIN"], scopes: ["a"], by: "ops" });
    const key = made.key.reveal();
    const secret = key.slice(key.lastIndexOf("_") + 1, -6);
    const seen = JSON.stringify([made, await keys.list(), await store.list({}), acts]);
    expect(seen).not.toContain(secret);
    expect(acts.map(([when, { type }]) => [when, type])).toEqual([
      ["intended", "key.created"],
      ["done", "key.created"],
    ]);
    expect(acts[0]?.[1]).toMatchObject({
      subject: { tenant: "default", principal: "alice" },
      details: { keyId: made.description.id, env: "test", roles: ["ADMIN"], scopes: ["a"], by: "ops" },
    });
  });

  test("names every problem at once", async () => {
    const { keys, store } = await open();
    const bad = { principal: "", name: "a\nb", env: "LIVE", lifetimeMs: 0, colour: "red", by: "" } as KeyInput;
    await expect(keys.create(bad)).rejects.toMatchObject({
      code: "INVALID_OPTION",
      problems: ["key.colour", "key.principal", "key.name", "key.env", "key.lifetimeMs", "key.by"].map((path) => ({
        path,
        message: expect.any(String) as string,
      })),
    });
    for (const other of [null, "alice", {}, { principal: "a", roles: "USER" }, { principal: "a", scopes: [1] }])
      await expect(keys.create(other as unknown as KeyInput)).rejects.toMatchObject({ code: "INVALID_OPTION" });
    expect(await store.list({})).toEqual([]);
  });

  test("makes no key when it cannot be recorded", async () => {
    const store = createMemoryKeyStore();
    const acts = {
      intend: () => Promise.reject(new Error("the trail is full")),
      record: () => {},
    };
    const keys = await openKeys({ store, pepper: toSource(), clock: createManualClock(), acts });
    await expect(keys.create({ principal: "alice" })).rejects.toThrow("the trail is full");
    expect(store.list({})).toEqual([]);
  });
});

describe("rotate", () => {
  test("lets both keys work until the old one ends", async () => {
    const { keys, clock, acts } = await open();
    const input = { principal: "alice", tenant: "t", name: "ci", env: "test", roles: ["USER"], scopes: ["a"] };
    const old = await keys.create({ ...input, lifetimeMs: 10 * DAY });
    await clock.advance(DAY);
    const next = await keys.rotate(old.description.id, { overlapMs: 3_600_000, by: "ops" });
    expect(next.description).toMatchObject({ ...input, expiresAt: clock.now() + 10 * DAY, createdBy: "ops" });
    for (const { key } of [old, next]) expect(await keys.verify(key.reveal())).toMatchObject({ ok: true });
    expect(await keys.list()).toContainEqual({
      ...old.description,
      ...{ status: "rotated", replacedBy: next.description.id, expiresAt: clock.now() + 3_600_000 },
    });
    expect(acts.at(-1)).toMatchObject([
      "done",
      { type: "key.rotated", details: { keyId: next.description.id, replaces: old.description.id } },
    ]);
    await clock.advance(3_600_000);
    expect(await keys.verify(old.key.reveal())).toMatchObject({ reason: "expired" });
    expect(await keys.verify(next.key.reveal())).toMatchObject({ ok: true });
  });

  test("without an overlap ends the old key at once, also where it was believed", async () => {
    const { keys } = await open();
    const old = await keys.create({ principal: "alice", lifetimeMs: null });
    await keys.verify(old.key.reveal());
    const next = await keys.rotate(old.description.id, { overlapMs: 0 });
    expect(next.description.expiresAt).toBeNull();
    expect(await keys.verify(old.key.reveal())).toMatchObject({ reason: "expired" });
  });

  test("refuses a key that has ended or has a successor, and says which, and one that is not there", async () => {
    const { keys, clock } = await open();
    const made = async (): Promise<string> =>
      (await keys.create({ principal: "alice", lifetimeMs: DAY })).description.id;
    const [revoked, rotated, expired] = [await made(), await made(), await made()];
    await keys.revoke(revoked);
    const { description } = await keys.rotate(rotated);
    await expect(keys.rotate(revoked)).rejects.toMatchObject({
      code: "KEY_ENDED",
      message: /was revoked at 2026-01-01/,
    });
    await expect(keys.rotate(rotated)).rejects.toThrow(`its successor is ${description.id}`);
    await clock.advance(DAY);
    await expect(keys.rotate(expired)).rejects.toThrow(/expired at 2026-01-02T00:00:00.000Z/);
    await expect(keys.rotate("A".repeat(18))).rejects.toMatchObject({ code: "UNKNOWN_KEY" });
    await expect(keys.rotate(expired, { overlapMs: -1 })).rejects.toMatchObject({ code: "INVALID_OPTION" });
  });

  test("of many at once gives one successor", async () => {
    const { keys } = await open();
    const { description } = await keys.create({ principal: "alice" });
    const done = await Promise.allSettled(Array.from({ length: 8 }, () => keys.rotate(description.id)));
    expect(done.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(await keys.list()).toHaveLength(2);
  });
});

describe("revoke", () => {
  test("ends a key at once, also where it was believed, and says whether it was to work", async () => {
    const { keys, acts } = await open();
    const { key, description } = await keys.create({ principal: "alice" });
    expect(await keys.verify(key.reveal())).toMatchObject({ ok: true });
    expect(await keys.revoke(description.id, { by: "ops", reason: "leaked" })).toBe(true);
    expect(await keys.verify(key.reveal())).toMatchObject({ reason: "revoked" });
    expect(acts.at(-1)).toMatchObject(["done", { type: "key.revoked", details: { by: "ops", reason: "leaked" } }]);
    expect(await keys.revoke(description.id)).toBe(false);
    expect((await keys.list())[0]?.status).toBe("revoked");
  });

  test("says of what is no id only that it is none: it may be a key", async () => {
    const { keys } = await open();
    const { key } = await keys.create({ principal: "alice" });
    const error = (await keys.revoke(`${key.reveal()}x`).catch((reason: unknown) => reason)) as Error;
    expect(error).toMatchObject({ code: "UNKNOWN_KEY" });
    expect(error.message).not.toContain(key.reveal().slice(0, 12));
  });
});

describe("the pepper", () => {
  test("is marked at first use, and another one is refused with nothing changed", async () => {
    const store = createMemoryKeyStore();
    const pepper = toSource();
    const { keys } = await open(store, pepper);
    await keys.create({ principal: "alice" });
    const before = [store.readMark(), store.list({})];
    await expect(open(store, toSource(undefined, "env:OTHER"))).rejects.toMatchObject({
      code: "SECRET_UNUSABLE",
      message: expect.stringMatching(/^env:OTHER is not the pepper under which/) as string,
    });
    expect([store.readMark(), store.list({})]).toEqual(before);
    const again = await open(store, pepper);
    expect(await again.keys.list()).toHaveLength(1);
  });

  test("is not asked to be made anew when keys depend on one", async () => {
    const store = createMemoryKeyStore();
    const key = randomBytes(32);
    const asked: boolean[] = [];
    const source: KeySource = {
      name: "s",
      read(fits) {
        asked.push(fits === null);
        expect(fits?.(randomBytes(32)) ?? false).toBe(false);
        expect(fits?.(key) ?? true).toBe(true);
        return key;
      },
    };
    await open(store, source);
    await open(store, source);
    expect(asked).toEqual([true, false]);
  });

  test("of two that open a new store at once, with peppers of their own, one is refused", async () => {
    const store = createMemoryKeyStore();
    const slow: KeyStore = { ...store, readMark: () => Promise.resolve(store.readMark()) };
    const opened = await Promise.allSettled([open(slow), open(slow)]);
    expect(opened.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
  });

  test("is what makes the hashes of a store worth nothing elsewhere", async () => {
    const store = createMemoryKeyStore();
    const { keys } = await open(store);
    const { key } = await keys.create({ principal: "alice" });
    const stolen = createMemoryKeyStore();
    for (const row of store.list({})) stolen.add(row);
    const thief = await open(stolen);
    expect(await thief.keys.verify(key.reveal())).toMatchObject({ reason: "unknown" });
  });
});

test("refuses options out of their range", async () => {
  const options = { store: createMemoryKeyStore(), pepper: toSource(), cacheMs: 60_001, cachesize: 1 };
  await expect(openKeys(options)).rejects.toMatchObject({
    code: "INVALID_OPTION",
    problems: [{ path: "keys.cachesize" }, { path: "keys.cacheMs" }],
  });
});

test("remembers when a key was used", async () => {
  const { keys, clock, store } = await open();
  const { key } = await keys.create({ principal: "alice" });
  await keys.verify(key.reveal());
  await keys.close();
  expect((await store.list({}))[0]?.lastUsedAt).toBe(clock.now());
  expect(clock.pending).toBe(0);
});
