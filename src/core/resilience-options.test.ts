import { describe, expect, it } from "vitest";
import { defineTool } from "../tool/define-tool.ts";
import { createRegistry } from "./create-registry.ts";
import type { RegistryOptions } from "./registry.ts";
import { readResilienceOptions } from "./resilience-options.ts";

type Options = Pick<RegistryOptions<never>, "retry" | "upstreams">;

const read = (options: unknown) => readResilienceOptions(options as Options);
const problems = (options: unknown): readonly string[] =>
  read(options).problems.map(({ path, message }) => `${path}: ${message}`);

describe("the registry's policies about failing", () => {
  it("are filled in", () => {
    expect(read({})).toEqual({
      retry: { repeats: 3, baseMs: 50, capMs: 20_000 },
      upstreams: new Map(),
      problems: [],
    });
    expect(read({ retry: false }).retry).toMatchObject({ repeats: 0 });
    expect(read({ retry: { repeats: 1 } }).retry).toEqual({ repeats: 1, baseMs: 50, capMs: 20_000 });
    expect(read({ upstreams: { crm: { breaker: {}, bulkhead: { max: 2 } }, erp: {} } }).upstreams).toEqual(
      new Map([
        [
          "crm",
          {
            breaker: { kind: "consecutive", failures: 5, openMs: 30_000, maxOpenMs: 300_000, probes: 1 },
            bulkhead: { max: 2, queue: 2, adaptive: false, min: 1 },
          },
        ],
        ["erp", { breaker: null, bulkhead: null }],
      ]),
    );
  });

  it.each<[unknown, string]>([
    [{ retry: true }, "retry: received boolean true, expected an object, such as { repeats: 2 }"],
    [{ retry: null }, "retry: received null, expected an object, such as { repeats: 2 }"],
    [{ retry: 3 }, "retry: received number 3, expected an object, such as { repeats: 2 }"],
    [{ retry: { repeats: 11 } }, "retry.repeats: received number 11, expected an integer from 0 to 10"],
    [{ retry: { retries: 2 } }, "retry.retries: is not a known field"],
    [{ retry: { baseMs: 9, capMs: 8 } }, "retry.capMs: is 8, less than baseMs (9)"],
    [{ upstreams: null }, "upstreams: received null, expected an object"],
    [{ upstreams: ["crm"] }, "upstreams: received array of 1 item"],
    [{ upstreams: { crm: null } }, "upstreams.crm: received null, expected an object, such as { breaker:"],
    [{ upstreams: { crm: true } }, "upstreams.crm: received boolean true, expected an object"],
    [{ upstreams: { crm: { braker: {} } } }, "upstreams.crm.braker: is not a known field; did you mean breaker?"],
    [
      { upstreams: { crm: { breaker: { failures: 0 } } } },
      "upstreams.crm.breaker.failures: received number 0, expected",
    ],
    [{ upstreams: { crm: { bulkhead: {} } } }, "upstreams.crm.bulkhead.max: is missing"],
    [
      { upstreams: { crm: { bulkhead: { max: 2, queue: Infinity } } } },
      "upstreams.crm.bulkhead.queue: received number Infinity",
    ],
    [{ upstreams: { "": {} } }, 'upstreams (name): received string "", expected text of 1 to 64 characters'],
    [
      { upstreams: { ["x".repeat(65)]: {} } },
      "upstreams (name): received 65 characters, expected text of 1 to 64 characters",
    ],
  ])("are refused when they cannot be meant: %j", (options, expected) => {
    expect(problems(options)).toEqual([expect.stringContaining(expected)]);
    expect(() => createRegistry(options as RegistryOptions)).toThrow(
      expect.objectContaining({
        code: "INVALID_OPTION",
        message: expect.stringContaining(expected) as string,
      }) as Error,
    );
  });

  it("are told all at once", () => {
    expect(problems({ retry: { repeats: -1 }, upstreams: { a: 1, b: { bulkhead: { max: 0 } } } })).toHaveLength(3);
  });

  it("hold for upstreams whatever they are called", async () => {
    const upstreams = Object.fromEntries([["__proto__", { bulkhead: { max: 1 } }]]);
    const tool = defineTool({
      name: "t",
      version: "1.0.0",
      description: "For tests.",
      upstream: "__proto__",
      handler: () => 1,
    });
    const registry = createRegistry({ tools: [tool], upstreams });
    expect((await registry.health()).bulkheads).toMatchObject([{ name: "__proto__", limit: 1 }]);
  });
});
