import { describe, expect, test } from "vitest";
import { createManualClock } from "../testing/manual-clock.ts";
import { createEgress, EgressError, type EgressRequest } from "./index.ts";

const request: EgressRequest = {
  method: "GET",
  url: "http://127.0.0.1/",
  pool: { tenant: "default", upstream: "api", credential: "" },
};

describe("an egress", () => {
  test("says everything that is wrong with its options", () => {
    const create = (): unknown => createEgress({ maxPools: 0, maxRedirects: 21, maxHeadersBytes: 1 } as object);
    expect(create).toThrow("maxPools: received 0, expected an integer from 1 to 100000; the nearest is 1");
    expect(create).toThrow("maxRedirects: received 21");
    expect(create).toThrow('did you mean "maxHeaderBytes"?');
  });

  test.each([
    ["timeoutMs", 0],
    ["timeoutMs", Number.NaN],
    ["timeoutMs", 2 ** 31],
    ["maxBytes", -1],
    ["maxBytes", 1.5],
    ["maxBytes", Number.POSITIVE_INFINITY],
  ])("refuses a request whose %s is %d", async (name, value) => {
    const egress = createEgress();
    const asked = egress.request({ ...request, [name]: value });
    await expect(asked).rejects.toMatchObject({ name: "EgressError", code: "REFUSED_URL", sent: false });
    await expect(asked).rejects.toThrow(`${name}: received ${value}, expected an integer from`);
  });

  test("keeps no timer and no listener of a request that is over", async () => {
    const clock = createManualClock();
    const egress = createEgress({ clock });
    const { signal } = new AbortController();
    let listeners = 0;
    const { addEventListener, removeEventListener } = signal;
    signal.addEventListener = (...parameters: Parameters<typeof addEventListener>) => {
      listeners += 1;
      addEventListener.apply(signal, parameters);
    };
    signal.removeEventListener = (...parameters: Parameters<typeof removeEventListener>) => {
      listeners -= 1;
      removeEventListener.apply(signal, parameters);
    };
    await expect(egress.request({ ...request, signal })).rejects.toThrow(EgressError);
    expect([clock.pending, listeners]).toEqual([0, 0]);
    expect(egress.stats()).toEqual({ pools: 0, connections: 0, idle: 0, waiting: 0, active: 0 });
  });
});
