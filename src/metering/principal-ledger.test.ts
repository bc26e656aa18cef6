import { describe, expect, it } from "vitest";
import { PrincipalLedger } from "./principal-ledger.ts";
import { createMemoryAccount } from "./samples.ts";
import { Series } from "./series.ts";

const HOUR = 60;
const series = new Series("a", "1.0.0", createMemoryAccount());
const another = new Series("b", "1.0.0", createMemoryAccount());
const all = (): boolean => true;

describe("PrincipalLedger", () => {
  it("counts by tenant and principal, most calls first", () => {
    const ledger = new PrincipalLedger(24 * HOUR);
    ledger.record(series, { id: "u1" }, null, true, 0);
    ledger.record(series, { id: "u1", tenant: "acme" }, null, true, 0);
    ledger.record(series, { id: "u1", tenant: "acme" }, "TIMEOUT", true, 61);
    ledger.record(series, { id: "u1", tenant: "acme" }, "FORBIDDEN", false, 61);
    ledger.record(another, { id: "u2" }, null, true, 61);
    expect(ledger.read((name) => name === "a", 61)).toEqual([
      { tenant: "acme", principal: "u1", calls: 3, succeeded: 1, failed: 1, refused: 1 },
      { tenant: "default", principal: "u1", calls: 1, succeeded: 1, failed: 0, refused: 0 },
    ]);
    expect(ledger.read(all, 61)).toHaveLength(3);
  });

  it("forgets an hour that is past the retention", () => {
    const ledger = new PrincipalLedger(2 * HOUR);
    ledger.record(series, { id: "u1" }, null, true, 0);
    expect(ledger.read(all, 2 * HOUR)).toHaveLength(1);
    expect(ledger.read(all, 3 * HOUR)).toHaveLength(0);
    expect(ledger.size).toBe(0);
  });

  it("keeps a bounded number of principals and counts the rest as (other), the longest unused first", () => {
    const ledger = new PrincipalLedger(24 * HOUR, 3);
    for (const id of ["a", "b", "c", "a", "d", "e"]) ledger.record(series, { id }, null, true, 0);
    expect(ledger.size).toBe(3);
    const rows = ledger.read(all, 0);
    expect(rows.map(({ principal, calls }) => [principal, calls])).toEqual([
      ["(other)", 2],
      ["a", 2],
      ["d", 1],
      ["e", 1],
    ]);
    ledger.record(another, { id: "f" }, null, true, 0);
    expect(ledger.read((name) => name === "a", 0).reduce((sum, { calls }) => sum + calls, 0)).toBe(6);
  });
});
