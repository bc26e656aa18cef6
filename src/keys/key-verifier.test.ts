import * as crypto from "node:crypto";
import { beforeEach, describe, expect, test, vi } from "vitest";
import type { MaybePromise } from "../kernel/maybe-promise.ts";
import type { StoredKey } from "../ports/key-store.ts";
import { createManualClock } from "../testing/manual-clock.ts";
import { createKeyText } from "./key-format.ts";
import { createKeyHasher } from "./key-hasher.ts";
import { createKeyVerifier, type KeyVerifier } from "./key-verifier.ts";
import { ALPHABET } from "./random-text.ts";

vi.mock("node:crypto", async (load) => {
  const real = await load<typeof crypto>();
  return {
    ...real,
    timingSafeEqual: vi.fn<typeof real.timingSafeEqual>(real.timingSafeEqual),
    createHmac: vi.fn<typeof real.createHmac>(real.createHmac),
  };
});

const hasher = createKeyHasher(crypto.randomBytes(32));
const noted: [string, number | null][] = [];
const uses = {
  note: (id: string, at: number | null): void => void noted.push([id, at]),
  flush: () => Promise.resolve(),
  close: () => Promise.resolve(),
};

interface Opened {
  readonly verifier: KeyVerifier;
  readonly clock: ReturnType<typeof createManualClock>;
  readonly rows: Map<string, StoredKey>;
  /** Ids that were looked up. */
  readonly asked: string[];
  add(other?: Partial<StoredKey>): string;
}

function open(
  cacheMs = 1_000,
  cacheSize = 100,
  get?: (id: string, rows: Map<string, StoredKey>) => MaybePromise<StoredKey | null>,
): Opened {
  const clock = createManualClock();
  const rows = new Map<string, StoredKey>();
  const asked: string[] = [];
  const store = {
    get(id: string): MaybePromise<StoredKey | null> {
      asked.push(id);
      return get === undefined ? (rows.get(id) ?? null) : get(id, rows);
    },
  };
  return {
    verifier: createKeyVerifier({ store, hasher, clock, uses, cacheMs, cacheSize }),
    clock,
    rows,
    asked,
    add(other = {}) {
      const { text, id, env } = createKeyText("live");
      const hash = hasher.hash(text).toString("hex");
      const whose = { name: "ci", tenant: "t", principal: "alice", roles: ["USER"], scopes: ["a"] };
      const times = { createdAt: 0, createdBy: null, expiresAt: null, revokedAt: null, lastUsedAt: null };
      rows.set(id, { id, env, hash, ...whose, ...times, replacedBy: null, ...other });
      return text;
    },
  };
}

beforeEach(() => {
  noted.length = 0;
});

describe("a key", () => {
  test("is its principal's", async () => {
    const { verifier, add, rows } = open();
    const key = add({ lastUsedAt: 60_000 });
    const id = [...rows.keys()][0] as string;
    expect(await verifier.verify(key)).toEqual({
      ok: true,
      keyId: id,
      principal: { id: "alice", tenant: "t", roles: ["USER"], scopes: ["a"], attributes: {}, ip: null },
    });
    expect(noted).toEqual([[id, 60_000]]);
  });

  test("leaves the roles to the registry when it has none of its own", async () => {
    const { verifier, add } = open();
    const answer = await verifier.verify(add({ roles: null }));
    expect(answer.ok && answer.principal).toEqual({ id: "alice", tenant: "t", scopes: ["a"] });
  });

  test("is not accepted with another one's id, nor under another pepper", async () => {
    const { verifier, add, rows } = open();
    add();
    const [id, row] = [...rows][0] as [string, StoredKey];
    const key = add();
    rows.set(id, { ...row, hash: hasher.hash(key).toString("hex") });
    const other = createKeyText("live");
    rows.set(other.id, { ...row, id: other.id });
    expect(await verifier.verify(other.text)).toMatchObject({ ok: false, reason: "unknown" });
    rows.set(other.id, {
      ...row,
      id: other.id,
      hash: createKeyHasher(crypto.randomBytes(32)).hash(other.text).toString("hex"),
    });
    expect(await verifier.verify(other.text)).toMatchObject({ ok: false, reason: "unknown" });
  });

  test.each(["", "zz", "ab".repeat(31)])("is not accepted by a row whose hash was spoilt (%j)", async (hash) => {
    const { verifier, add } = open();
    expect(await verifier.verify(add({ hash }))).toMatchObject({ ok: false, reason: "unknown" });
  });
});

describe("a key that is not accepted", () => {
  const outside = { ok: false, code: "UNAUTHENTICATED", message: "The API key is not accepted." };

  test("is answered the same whatever the reason, which the operator is told", async () => {
    const { verifier, add, clock } = open();
    const now = clock.now();
    const cases: readonly (readonly [unknown, string])[] = [
      ["nonsense", "malformed"],
      [undefined, "malformed"],
      [createKeyText("live").text, "unknown"],
      [add({ revokedAt: now - 1 }), "revoked"],
      [add({ expiresAt: now }), "expired"],
      [add({ revokedAt: now - 1, expiresAt: now - 1 }), "revoked"],
    ];
    for (const [presented, reason] of cases) {
      const answer = await verifier.verify(presented);
      expect(answer).toMatchObject({ ...outside, reason });
    }
    expect(noted).toEqual([]);
  });

  test("costs the same whether its id is known or not: one hash, one look, one comparison of as many bytes", async () => {
    const { verifier, add, asked } = open(0);
    const known = add();
    const wrong = createKeyText("live");
    const compare = vi.mocked(crypto.timingSafeEqual);
    const hash = vi.mocked(crypto.createHmac);
    for (const [key, count] of [
      [known, 1],
      [wrong.text, 2],
    ] as const) {
      compare.mockClear();
      hash.mockClear();
      await verifier.verify(key);
      expect(hash).toHaveBeenCalledTimes(1);
      expect(compare).toHaveBeenCalledTimes(1);
      const [one, other] = compare.mock.calls[0] as unknown as [Buffer, Buffer];
      expect([one.length, other.length]).toEqual([32, 32]);
      expect(asked).toHaveLength(count);
    }
  });

  test("is told without a lookup when it was mistyped", async () => {
    const { verifier, add, asked } = open();
    const key = add();
    expect(await verifier.verify(`${key.slice(0, -1)}${key.endsWith("0") ? "1" : "0"}`)).toMatchObject({
      reason: "malformed",
    });
    expect(asked).toEqual([]);
  });

  test("is not accepted when the store fails: the failure is the answer", async () => {
    const { verifier, add } = open(1_000, 100, () => Promise.reject(new Error("gone")));
    await expect(async () => verifier.verify(add())).rejects.toThrow("gone");
  });
});

describe("what was found", () => {
  test("is believed for as long as it may be, and not longer", async () => {
    const { verifier, add, asked, rows, clock } = open(1_000);
    const key = add();
    await verifier.verify(key);
    const [id, row] = [...rows][0] as [string, StoredKey];
    rows.set(id, { ...row, revokedAt: 1 });
    await clock.advance(999);
    expect(await verifier.verify(key)).toMatchObject({ ok: true });
    expect(asked).toHaveLength(1);
    await clock.advance(1);
    expect(await verifier.verify(key)).toMatchObject({ reason: "revoked" });
    expect(asked).toHaveLength(2);
  });

  test("is believed no longer than the key works", async () => {
    const { verifier, add, clock } = open(60_000);
    const key = add({ expiresAt: clock.now() + 10 });
    expect(await verifier.verify(key)).toMatchObject({ ok: true });
    await clock.advance(10);
    expect(await verifier.verify(key)).toMatchObject({ reason: "expired" });
  });

  test("is forgotten when it is said to be", async () => {
    const { verifier, add, rows } = open(60_000);
    const key = add();
    await verifier.verify(key);
    rows.clear();
    verifier.forget();
    expect(await verifier.verify(key)).toMatchObject({ reason: "unknown" });
  });

  test("is not kept when the lookup began before a revocation", async () => {
    let answer: (key: StoredKey | null) => void = () => {};
    const gate = new Promise<StoredKey | null>((resolve) => {
      answer = resolve;
    });
    let first = true;
    const { verifier, add, rows } = open(60_000, 100, (id, all) => {
      if (!first) return all.get(id) ?? null;
      first = false;
      return gate;
    });
    const key = add();
    const [id, row] = [...rows][0] as [string, StoredKey];
    const early = verifier.verify(key);
    rows.set(id, { ...row, revokedAt: 1 });
    verifier.forget();
    answer(row);
    expect(await early).toMatchObject({ ok: true });
    expect(await verifier.verify(key)).toMatchObject({ reason: "revoked" });
  });

  test("is bounded, and what is unknown takes no room in it", async () => {
    const { verifier, add, asked } = open(60_000, 2);
    const keys = [add(), add()];
    for (const key of keys) await verifier.verify(key);
    for (let index = 0; index < 50; index++) await verifier.verify(createKeyText("live").text);
    asked.length = 0;
    for (const key of keys) expect(await verifier.verify(key)).toMatchObject({ ok: true });
    expect(asked).toEqual([]);
    await verifier.verify(add());
    await verifier.verify(keys[0]);
    expect(asked).toHaveLength(2);
  });

  test("is of the whole key: another secret with the same id is not accepted, however alike (S-05)", async () => {
    const { verifier, add } = open(60_000);
    const key = add();
    expect(await verifier.verify(key)).toMatchObject({ ok: true });
    for (let at = key.length - 49; at < key.length - 6; at++) {
      const other = toSealed(key.slice(0, at) + (key[at] === "x" ? "y" : "x") + key.slice(at + 1, -6));
      expect(await verifier.verify(other)).toMatchObject({ ok: false, reason: "unknown" });
    }
    expect(await verifier.verify(key)).toMatchObject({ ok: true });
  });

  test("is each key's own", async () => {
    const { verifier, add } = open(60_000, 10_000);
    const keys = Array.from({ length: 300 }, (_, index) => [add({ principal: `p${index}` }), `p${index}`] as const);
    for (const [key, principal] of [...keys, ...keys]) {
      const answer = await verifier.verify(key);
      expect(answer.ok && answer.principal.id).toBe(principal);
    }
  });
});

/** `body` with the checksum that makes a key of it. */
function toSealed(body: string): string {
  let rest = Number.parseInt(crypto.hash("sha256", body, "hex").slice(0, 8), 16);
  let checksum = "";
  for (; checksum.length < 6; rest = Math.floor(rest / 62)) checksum = (ALPHABET[rest % 62] as string) + checksum;
  return body + checksum;
}
