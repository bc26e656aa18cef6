import { describe, expect, test } from "vitest";
import { Shares } from "./shares.ts";

describe("Shares", () => {
  test("gives all records of one principal of one tenant the same part, and others another one", () => {
    const shares = new Shares(10, 10);
    const part = shares.add("t\0alice\0tool\0k");
    expect(shares.add("t\0alice\0other tool\0k2")).toBe(part);
    expect(shares.find("t\0alice\0tool\0never added")).toBe(part);
    expect(part.records).toBe(2);
    const others = ["t\0bob\0tool\0k", "u\0alice\0tool\0k", "t\0alic\0e\0k", "t\0alice2\0tool\0k", "\0t\0alice\0k"];
    for (const other of others) expect(shares.find(other)).toBeUndefined();
    const parts = others.map((other) => shares.add(other));
    expect(new Set([part, ...parts]).size).toBe(6);
  });

  test("tells principals apart in keys that are too short", () => {
    const shares = new Shares(10, 10);
    expect(new Set(["", "t", "u", "t\0alice", "t\0bob"].map((key) => shares.add(key))).size).toBe(5);
  });

  test("keeps nothing of principals who have no record left", () => {
    const shares = new Shares(10, 10);
    const keys = Array.from({ length: 1_000 }, (_, index) => `t\0p${index % 100}\0tool\0${index}`);
    for (const key of keys) shares.add(key);
    expect(shares.size).toBe(100);
    for (const key of keys) shares.remove(key);
    expect(shares.size).toBe(0);
  });
});
