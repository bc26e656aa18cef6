import { expect, test } from "vitest";
import { readEnvironment, toVariable, VARIABLES } from "./environment.ts";

const read = (env: Record<string, string>, referenced: readonly string[] = []): object => {
  const { values, problems } = readEnvironment(env, "/work", new Set(referenced));
  return {
    ...Object.fromEntries(values.map(({ key, value }) => [key.path, value])),
    ...(problems.length > 0 && { problems: problems.map(({ path, message }) => `${path} ${message}`) }),
  };
};

test("every text, number, switch and list of texts has a variable", () => {
  expect(toVariable(["server", "ipLimit", "windowMs"])).toBe("TOOLYARD_SERVER_IP_LIMIT_WINDOW_MS");
  expect([...VARIABLES.keys()]).toEqual(
    expect.arrayContaining([
      ...["TOOLYARD_DEFAULT_ROLE", "TOOLYARD_AUTHENTICATION", "TOOLYARD_TIMEOUT_MS", "TOOLYARD_DEFAULT_QUOTA_CAPACITY"],
      ...["TOOLYARD_STATE_DIR", "TOOLYARD_STATE_POSTGRES_URL", "TOOLYARD_STATE_MASTER_KEY", "TOOLYARD_AUDIT_ARGUMENTS"],
      ...["TOOLYARD_SERVER_HOST", "TOOLYARD_SERVER_PORT", "TOOLYARD_SERVER_CORS_ORIGINS", "TOOLYARD_SERVER_IP_LIMIT"],
      ...["TOOLYARD_IDENTITY_ANONYMOUS", "TOOLYARD_EGRESS_ALLOW_PRIVATE"],
    ]),
  );
  expect([...VARIABLES.keys()].filter((name) => /TOOLS|APP$|GRANTS|ISSUERS|HOOKS/.test(name))).toEqual([]);
});

test("reads what each kind of key takes", () => {
  expect(
    read({
      TOOLYARD_SERVER_PORT: "9000",
      TOOLYARD_SERVER_BODY_BYTES: "2_097_152",
      TOOLYARD_SERVER_DOCS: "false",
      TOOLYARD_SERVER_IP_LIMIT: "false",
      TOOLYARD_SERVER_CORS_ORIGINS: "https://a.example, https://b.example",
      TOOLYARD_EGRESS_ALLOW_PRIVATE: "10.0.0.0/8",
      TOOLYARD_DEFAULT_ROLE: "1",
      TOOLYARD_STATE_DIR: "state",
      TOOLYARD_SERVER_HOST: "",
    }),
  ).toEqual({
    "server.port": 9000,
    "server.bodyBytes": 2_097_152,
    "server.docs": false,
    "server.ipLimit": false,
    "server.corsOrigins": ["https://a.example", "https://b.example"],
    "egress.allowPrivate": ["10.0.0.0/8"],
    defaultRole: "1",
    "state.dir": "/work/state",
  });
  expect(read({ TOOLYARD_EGRESS_ALLOW_PRIVATE: "true", TOOLYARD_SERVER_PORT: "high" })).toEqual({
    "egress.allowPrivate": true,
    "server.port": "high",
  });
});

test("knows the variables of before, and leaves those of others alone", () => {
  const env = {
    TOOLYARD_DATA_DIR: "data",
    TOOLYARD_AUDIT_KEY: "00",
    TOOLYARD_SEED: "1",
    PATH: "/bin",
    SERVER_PORT: "1",
  };
  expect(read(env)).toEqual({ "state.dir": "/work/data" });
});

test("refuses an unknown variable of a section, with the nearest", () => {
  expect(read({ TOOLYARD_SERVER_PROT: "1" })).toEqual({
    problems: ["TOOLYARD_SERVER_PROT is not a known variable; did you mean TOOLYARD_SERVER_PORT?"],
  });
  expect(read({ TOOLYARD_EGRESS_XXXXXXXXXXXXXXXXXX: "1" })).toEqual({
    problems: ["TOOLYARD_EGRESS_XXXXXXXXXXXXXXXXXX is not a known variable; accepted: TOOLYARD_EGRESS_ALLOW_PRIVATE"],
  });
});

test("a variable that the configuration refers to may have any name", () => {
  expect(read({ TOOLYARD_STATE_DATABASE_OF_MINE: "postgres://x" }, ["TOOLYARD_STATE_DATABASE_OF_MINE"])).toEqual({});
});
