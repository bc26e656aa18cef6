import { randomBytes } from "node:crypto";
import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import type { RecordedAct } from "../ports/act-recorder.ts";
import type { KeySource } from "../ports/key-source.ts";
import type { SecretStore } from "../ports/secret-store.ts";
import { createMemorySecretStore } from "../stores/memory/secret-store.ts";
import { createManualClock } from "../testing/manual-clock.ts";
import { createMasterKey } from "./master-key.ts";
import { openSecrets, type SecretsOptions } from "./open-secrets.ts";
import type { SecretProvider } from "./provider.ts";
import { createReferenceKey } from "./reference-key.ts";

const CANARY = "canary-5b0f2c";

function toSource(key: Uint8Array, name = "file:/data/master.key"): KeySource {
  return { name, read: () => key };
}

async function open(store: SecretStore, key: Uint8Array, more: Partial<SecretsOptions> = {}) {
  const clock = createManualClock();
  const acts: RecordedAct[] = [];
  const recorder = { intend: () => {}, record: (act: RecordedAct): void => void acts.push(act) };
  const vault = { store, masterKey: toSource(key) };
  const secrets = await openSecrets({ env: {}, vault, clock, acts: recorder, ...more });
  return { secrets, clock, acts, store };
}

const openNew = (more?: Partial<SecretsOptions>) => open(createMemorySecretStore(), randomBytes(32), more);

async function failureOf(work: Promise<unknown>): Promise<Error> {
  const error: unknown = await work.then(
    () => new Error("it did not fail"),
    (reason: unknown) => reason,
  );
  expect(inspect(error, { depth: 9 })).not.toContain(CANARY);
  return error as Error;
}

describe("env:", () => {
  test("reads the variable at every use", async () => {
    const env: Record<string, string | undefined> = { CRM_TOKEN: "one" };
    const { secrets } = await openNew({ env });
    expect((await secrets.resolve("env:CRM_TOKEN")).reveal()).toBe("one");
    env["CRM_TOKEN"] = "two";
    expect((await secrets.resolve("env:CRM_TOKEN")).reveal()).toBe("two");
  });

  test("says which variable is missing or empty, and names the nearest", async () => {
    const { secrets } = await openNew({ env: { CRM_TOKEN: CANARY, EMPTY: "" } });
    expect(await failureOf(secrets.resolve("env:CRM_TOKN"))).toMatchObject({
      code: "SECRET_UNUSABLE",
      message: "the secret env:CRM_TOKN cannot be used: the variable is not set; did you mean env:CRM_TOKEN?",
    });
    expect((await failureOf(secrets.resolve("env:EMPTY"))).message).toMatch(
      /env:EMPTY cannot be used: the variable is empty/,
    );
    expect((await failureOf(secrets.resolve("env:toString"))).message).toMatch(/is not set/);
    expect((await failureOf(secrets.resolve("env:__proto__"))).message).toMatch(/is not set/);
  });

  test("refuses a value that is too long or no Unicode, without a character of it", async () => {
    const { secrets } = await openNew({ env: { LONG: CANARY.repeat(6_000), HALF: `${CANARY}\ud800` } });
    expect((await failureOf(secrets.resolve("env:LONG"))).message).toMatch(/env:LONG .* more than 65,536 bytes/);
    expect((await failureOf(secrets.resolve("env:HALF"))).message).toMatch(/no valid Unicode/);
  });
});

describe("a provider", () => {
  const provide = (resolve: SecretProvider["resolve"]) =>
    openNew({ providers: [{ scheme: "aws-sm", resolve }], timeoutMs: 1_000 });

  test("is asked for the name at every use", async () => {
    const asked: string[] = [];
    const { secrets } = await provide((name) => {
      asked.push(name);
      return Promise.resolve(`${name}-value`);
    });
    expect((await secrets.resolve("aws-sm:a:b/c")).reveal()).toBe("a:b/c-value");
    await secrets.resolve("aws-sm:x");
    expect(asked).toEqual(["a:b/c", "x"]);
  });

  test("is not waited for longer than the time it has, and is told", async () => {
    let told: AbortSignal | null = null;
    const { secrets, clock } = await provide((_name, signal) => {
      told = signal;
      return new Promise(() => {});
    });
    const failure = failureOf(secrets.resolve("aws-sm:x"));
    await clock.advance(1_000);
    expect((await failure).message).toMatch(/aws-sm:x cannot be used: it did not come within 1000 ms/);
    expect(told).toMatchObject({ aborted: true });
    expect(clock.pending).toBe(0);
  });

  test("is not waited for when the caller leaves", async () => {
    const { secrets, clock } = await provide(() => new Promise(() => {}));
    const controller = new AbortController();
    const failure = secrets.resolve("aws-sm:x", { signal: controller.signal });
    controller.abort(new Error("left"));
    await expect(failure).rejects.toThrow("left");
    expect(clock.pending).toBe(0);
    await expect(secrets.resolve("aws-sm:x", { signal: controller.signal })).rejects.toThrow("left");
  });

  test("that fails is told by the kind of its error alone, because its text may hold anything", async () => {
    const { secrets } = await provide(() => {
      throw Object.assign(new TypeError(`token ${CANARY} is not accepted`), { code: "E_AUTH", token: CANARY });
    });
    expect((await failureOf(secrets.resolve("aws-sm:x"))).message).toBe(
      "the secret aws-sm:x cannot be used: its provider failed (TypeError E_AUTH)",
    );
    const { secrets: odd } = await provide(() => Promise.reject(CANARY));
    expect((await failureOf(odd.resolve("aws-sm:x"))).message).toMatch(/its provider failed$/);
  });

  test.each([
    ["", /it is empty/],
    [undefined, /no text \(undefined\)/],
    [{ value: CANARY }, /no text \(object\)/],
  ])("that gives %j is refused", async (value, message) => {
    const { secrets } = await provide(() => value as string);
    expect((await failureOf(secrets.resolve("aws-sm:x"))).message).toMatch(message);
  });

  test("has a scheme of its own", async () => {
    const resolve = (): string => "x";
    const providers = [
      { scheme: "env", resolve },
      { scheme: "A", resolve },
      null,
    ] as unknown as readonly SecretProvider[];
    await expect(openNew({ providers })).rejects.toMatchObject({
      code: "INVALID_OPTION",
      problems: [0, 1, 2].map((index) => ({ path: `secrets.providers[${index}].scheme` })),
    });
  });
});

describe("the vault", () => {
  test("gives what was set, by its reference, in a holder that does not print", async () => {
    const { secrets, acts } = await openNew();
    expect(await secrets.set("crm/token", CANARY, { by: "ops", reason: "new" })).toBe(1);
    const held = await secrets.resolve("vault:crm/token");
    expect(held.reveal()).toBe(CANARY);
    expect(inspect([held, acts, await secrets.list()], { depth: 9 })).not.toContain(CANARY);
    expect(await secrets.set("crm/token", held)).toBe(2);
    expect(await secrets.list()).toMatchObject([{ name: "crm/token", revision: 2, by: null, reason: null }]);
    expect(acts.map(({ type, details }) => [type, details["revision"]])).toEqual([
      ["secret.changed", 1],
      ["secret.changed", 2],
    ]);
  });

  test("holds neither the value nor the master key in its store", async () => {
    const key = randomBytes(32);
    const { secrets, store } = await open(createMemorySecretStore(), key);
    await secrets.set("crm", CANARY);
    const stored = JSON.stringify([await store.page(null, 10), await store.readMasterKeyId()]);
    for (const text of [
      CANARY,
      Buffer.from(CANARY).toString("base64url"),
      key.toString("hex"),
      key.toString("base64url"),
    ])
      expect(stored).not.toContain(text);
  });

  test("gives the new value at once after a change, also to who was reading meanwhile", async () => {
    const store = createMemorySecretStore();
    let gate: Promise<void> | null = null;
    const slow: SecretStore = {
      ...store,
      async get(name) {
        const found = store.get(name);
        await gate;
        return found;
      },
    };
    const { secrets } = await open(slow, randomBytes(32), { cacheMs: 60_000 });
    await secrets.set("crm", "one");
    const { promise, resolve } = Promise.withResolvers<void>();
    gate = promise;
    const early = secrets.resolve("vault:crm");
    gate = null;
    await secrets.set("crm", "two");
    resolve();
    expect((await early).reveal()).toBe("one");
    expect((await secrets.resolve("vault:crm")).reveal()).toBe("two");
    await secrets.remove("crm");
    expect((await failureOf(secrets.resolve("vault:crm"))).message).toMatch(/there is none of this name/);
  });

  test("sees what another process changed when the time is over for which a value is kept", async () => {
    const key = randomBytes(32);
    const { secrets, clock, store } = await open(createMemorySecretStore(), key);
    const other = await open(store, key);
    await secrets.set("crm", "one");
    await secrets.resolve("vault:crm");
    await other.secrets.set("crm", "two");
    await clock.advance(999);
    expect((await secrets.resolve("vault:crm")).reveal()).toBe("one");
    await clock.advance(1);
    expect((await secrets.resolve("vault:crm")).reveal()).toBe("two");
  });

  test("of many that change one secret at once each gets a revision of its own, or is told to try again", async () => {
    const { secrets } = await openNew();
    const done = await Promise.allSettled(Array.from({ length: 4 }, (_, index) => secrets.set("crm", `v${index}`)));
    const revisions = done.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
    expect(new Set(revisions).size).toBe(revisions.length);
    expect((await secrets.list())[0]?.revision).toBe(Math.max(...revisions));
  });

  test("gives no value whose row was put in another's place or changed", async () => {
    const { secrets, store } = await openNew({ cacheMs: 0 });
    await secrets.set("cheap", "cheap");
    await secrets.set("dear", CANARY);
    const cheap = await store.get("cheap");
    const dear = await store.get("dear");
    if (cheap === null || dear === null) throw new Error("both are there");
    await store.remove("cheap");
    await store.set({ ...dear, name: "cheap" }, 0);
    expect(await failureOf(secrets.resolve("vault:cheap"))).toMatchObject({
      code: "SECRET_UNUSABLE",
      message: /vault:cheap cannot be used: it cannot be decrypted/,
    });
  });

  test("refuses bad names and values, all problems at once, without a character of the value", async () => {
    const { secrets, store } = await openNew();
    const bad = failureOf(secrets.set("a b", CANARY.repeat(6_000), { by: "", why: 1 } as never));
    expect(await bad).toMatchObject({
      code: "INVALID_OPTION",
      problems: ["why", "name", "value", "by"].map((key) => ({ path: `secret.${key}` })),
    });
    await failureOf(secrets.set("crm", ""));
    await failureOf(secrets.set("crm", `${CANARY}\udc00`));
    expect([await store.page(null, 1), await store.readMasterKeyId()]).toEqual([[], null]);
  });

  test("is changed by nobody when the change cannot be recorded", async () => {
    const intend = (): Promise<never> => Promise.reject(new Error("the trail is full"));
    const { secrets, store } = await openNew({ acts: { intend, record: () => {} } });
    await expect(secrets.set("crm", "x")).rejects.toThrow("the trail is full");
    expect(await store.page(null, 1)).toEqual([]);
  });

  test("may be absent, and is then said to be", async () => {
    const secrets = await openSecrets({ env: {} });
    await expect(secrets.resolve("vault:crm")).rejects.toThrow(/there is no vault/);
    await expect(secrets.set("crm", "x")).rejects.toThrow(/there is no vault/);
  });
});

describe("the master key", () => {
  test("is asked for only when there are secrets, and is then the one they depend on", async () => {
    const store = createMemorySecretStore();
    const asked: boolean[] = [];
    const key = randomBytes(32);
    const masterKey: KeySource = {
      name: "s",
      read(fits) {
        asked.push(fits === null);
        expect([fits?.(key) ?? true, fits?.(randomBytes(32)) ?? false]).toEqual([true, false]);
        return key;
      },
    };
    const secrets = await openSecrets({ env: {}, vault: { store, masterKey } });
    expect(asked).toEqual([]);
    await secrets.set("crm", "x");
    await openSecrets({ env: {}, vault: { store, masterKey } });
    expect(asked).toEqual([true, false]);
  });

  test("that is another one is refused at open, and nothing is changed", async () => {
    const { secrets, store } = await openNew();
    await secrets.set("crm", CANARY);
    const before = [await store.page(null, 10), await store.readMasterKeyId()];
    const wrong = openSecrets({ env: {}, vault: { store, masterKey: toSource(randomBytes(32), "env:MASTER") } });
    expect(await failureOf(wrong)).toMatchObject({
      code: "SECRET_UNUSABLE",
      message: /^env:MASTER is not the master key that the secrets of this store are encrypted under/,
    });
    expect([await store.page(null, 10), await store.readMasterKeyId()]).toEqual(before);
  });

  test.each([new Uint8Array(32), randomBytes(31)])("that is no key is refused", async (key) => {
    const { secrets } = await open(createMemorySecretStore(), key);
    await expect(secrets.set("crm", "x")).rejects.toMatchObject({ code: "SECRET_UNUSABLE" });
  });

  test("may be named by a reference", async () => {
    const key = randomBytes(32);
    const env = { MASTER: key.toString("base64"), SHORT: CANARY };
    const plain = await openSecrets({ env });
    const source = createReferenceKey("env:MASTER", plain);
    expect(source.name).toBe("env:MASTER");
    expect(Buffer.from(await source.read(null))).toEqual(key);
    const short = createReferenceKey("env:SHORT", plain);
    expect((await failureOf(Promise.resolve(short.read(null)))).message).toMatch(
      /env:SHORT .* expected 32 random bytes/,
    );
  });
});

describe("a rotation of the master key", () => {
  test("encrypts every secret anew, and the old key opens nothing any more", async () => {
    const [old, next] = [randomBytes(32), randomBytes(32)];
    const { secrets, store, acts } = await open(createMemorySecretStore(), old, { cacheMs: 0 });
    for (let index = 0; index < 250; index++) await secrets.set(`s${index}`, `value-${index}`);
    expect(await secrets.rotateMasterKey(next, { by: "ops" })).toBe(250);
    const { id } = createMasterKey(old);
    for (const row of await store.page(null, 1_000)) {
      expect(row.masterKeyId).not.toBe(id);
      expect(createMasterKey(old).open({ ...row, masterKeyId: id })).toBeNull();
    }
    await expect(open(store, old)).rejects.toMatchObject({
      code: "SECRET_UNUSABLE",
      message: /after a rotation, the new one/,
    });
    for (const { secrets: opened } of [{ secrets }, await open(store, next)])
      expect((await opened.resolve("vault:s7")).reveal()).toBe("value-7");
    expect(acts.at(-1)).toMatchObject({ type: "secrets.rewrapped", details: { from: id, by: "ops" } });
    expect(await secrets.set("s7", "again")).toBe(2);
  });

  test("changes nothing when one secret cannot be read", async () => {
    const key = randomBytes(32);
    const { secrets, store } = await open(createMemorySecretStore(), key, { cacheMs: 0 });
    await secrets.set("a", CANARY);
    await secrets.set("b", "x");
    const row = await store.get("b");
    if (row === null) throw new Error("it is there");
    await store.set({ ...row, revision: 9 }, 1);
    const before = [await store.page(null, 10), await store.readMasterKeyId()];
    expect((await failureOf(secrets.rotateMasterKey(randomBytes(32)))).message).toMatch(/vault:b cannot be used/);
    expect([await store.page(null, 10), await store.readMasterKeyId()]).toEqual(before);
    expect((await secrets.resolve("vault:a")).reveal()).toBe(CANARY);
  });

  test("in another process is followed where the key can be read again, and refused where it cannot", async () => {
    const [old, next] = [randomBytes(32), randomBytes(32)];
    const { secrets, store } = await open(createMemorySecretStore(), old);
    await secrets.set("crm", CANARY);
    const fromFile: KeySource = { name: "file", read: (fits) => (fits?.(next) === true ? next : old) };
    const following = await openSecrets({ env: {}, vault: { store, masterKey: fromFile }, cacheMs: 0 });
    const stuck = await open(store, old, { cacheMs: 0 });
    await secrets.rotateMasterKey(next);
    expect((await following.resolve("vault:crm")).reveal()).toBe(CANARY);
    expect(await following.set("crm", "two")).toBe(2);
    expect(await failureOf(stuck.secrets.resolve("vault:crm"))).toMatchObject({ code: "SECRET_UNUSABLE" });
    expect(await failureOf(stuck.secrets.set("crm", CANARY))).toMatchObject({ code: "SECRET_UNUSABLE" });
  });

  test("to the present key, or to none, is refused", async () => {
    const key = randomBytes(32);
    const { secrets } = await open(createMemorySecretStore(), key);
    await secrets.set("crm", "x");
    await expect(secrets.rotateMasterKey(key)).rejects.toThrow(/it is the present one/);
    await expect(secrets.rotateMasterKey(new Uint8Array(32))).rejects.toThrow(/not random/);
  });
});
