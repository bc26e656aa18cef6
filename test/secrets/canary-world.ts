// A registry with everything that could give a secret away, and all that comes out of it: files with their logs, the trail, usage,
// outputs of the command line, errors. Each kind of secret is a random canary.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { inspect } from "node:util";
import { createAuditTrail, createActRecorder } from "../../src/audit/index.ts";
import { parseAuditKey } from "../../src/audit/chain/index.ts";
import { runCli } from "../../src/cli/program.ts";
import type { Stores } from "../../src/ports/stores.ts";
import { systemClock } from "../../src/kernel/clock.ts";
import { openStateKeys, openStateSecrets, type StatePlace } from "../../src/server/state/index.ts";
import { openSqliteStores } from "../../src/stores/sql/sqlite/index.ts";
import { createMemoryIo } from "../cli/memory-io.ts";
import { ARGUMENTS, callTools, toArguments } from "./canary-calls.ts";
import { type Canary, createKeyCanary, createTextCanary, createWordCanary } from "./canary-forms.ts";

const INDEX = new URL("../../src/index.ts", import.meta.url).href;

export const SECRETS = {
  vault: createTextCanary("secret of the vault"),
  variable: createTextCanary("secret in a variable"),
  file: createTextCanary("secret in a file"),
  provider: createTextCanary("secret of a provider"),
  replaced: createTextCanary("secret that was replaced"),
  removed: createTextCanary("secret that was removed"),
  misplaced: createWordCanary("secret in the place of a reference"),
} as const;

const MASTER = createKeyCanary("master key");
const AUDIT = createKeyCanary("audit key");

export interface CanaryWorld extends Disposable {
  /** Everything that came out, by its place. */
  readonly places: ReadonlyMap<string, Buffer>;
  readonly canaries: readonly Canary[];
  /** The trail of the same calls that keeps arguments as they are. */
  readonly fullTrail: Buffer;
  /** API keys that were given out. */
  readonly keys: readonly string[];
}

class World {
  readonly root: string = mkdtempSync(join(tmpdir(), "toolyard-canary-"));
  readonly outside: string = mkdtempSync(join(tmpdir(), "toolyard-outside-"));
  readonly data: string = join(this.root, "data");
  readonly places = new Map<string, Buffer>();
  readonly keys: string[] = [];
  readonly env: Readonly<Record<string, string>> = {
    VARIABLE: SECRETS.variable.text,
    MASTER: MASTER.bytes.toString("base64"),
    OTHER_MASTER: createKeyCanary("another").bytes.toString("hex"),
    TOOLYARD_AUDIT_KEY: AUDIT.bytes.toString("hex"),
    TOO_LONG: SECRETS.variable.text.repeat(3_000),
  };

  put(place: string, content: unknown): void {
    const text =
      typeof content === "string" ? content : inspect(content, { depth: 12, showHidden: true, maxStringLength: null });
    this.places.set(`${place} #${this.places.size}`, Buffer.from(text));
  }

  /** What `work` rejects with is one of the things that come out. */
  async fail(place: string, work: PromiseLike<unknown>): Promise<void> {
    await work.then(
      () => Promise.reject(new Error(`${place} did not fail`)),
      (error: unknown) => {
        this.put(`error: ${place}`, error);
        this.put(`error text: ${place}`, `${String(error)} ${JSON.stringify(error)} ${(error as Error).stack ?? ""}`);
      },
    );
  }

  /** The output of a command; of one that prints a key, what it prints beside it. */
  async cli(line: readonly string[], { stdin = "", makesKey = false, code = 0 } = {}): Promise<string> {
    const io = createMemoryIo({ cwd: this.root, env: this.env, stdin });
    const ended = await runCli([...line, "--debug"], io, "1.2.3");
    if (ended !== code) throw new Error(`toolyard ${line[0]} ${line[1]} ended with ${ended}: ${io.err}${io.out}`);
    const place = `toolyard ${line.slice(0, 2).join(" ")}`;
    this.put(`${place}, errors`, io.err);
    if (makesKey) this.keys.push(io.out.trim());
    else this.put(place, io.out);
    return io.out;
  }

  remove(): void {
    rmSync(this.root, { recursive: true });
    rmSync(this.outside, { recursive: true });
  }

  /** All files of the state as they are now. Not the pepper: it is one of the canaries. */
  readFiles(when: string): void {
    for (const entry of readdirSync(this.root, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name);
      if (!entry.isFile() || entry.name === "pepper.key") continue;
      this.places.set(`${relative(this.root, path)} ${when}`, readFileSync(path));
    }
  }
}

/** Lives through everything and keeps what comes out. */
export async function createCanaryWorld(): Promise<CanaryWorld> {
  const world = new World();
  try {
    return await fillWorld(world);
  } catch (error) {
    world.remove();
    throw error;
  }
}

async function fillWorld(world: World): Promise<CanaryWorld> {
  mkdirSync(world.data);
  writeFileSync(join(world.outside, "secret.txt"), `${SECRETS.file.text}\n`);
  writeFileSync(join(world.root, "toolyard.config.mjs"), CONFIG);
  await useCommandLine(world);
  const fullTrail = await useLibrary(world);
  await world.cli(["audit", "search", "--json"]);
  await world.cli(["audit", "export"]);
  await world.cli(["audit", "verify"]);
  await world.cli(["usage", "--json"]);
  await world.cli(["backup", "all.backup"]);
  world.readFiles("at the end");
  const pepper = Buffer.from(readFileSync(join(world.data, "pepper.key"), "utf8").trim(), "hex");
  const keys = world.keys.flatMap((key, index) => [
    { what: `API key ${index}`, bytes: Buffer.from(key) },
    { what: `secret of API key ${index}`, bytes: Buffer.from(key.slice(-49, -6)) },
  ]);
  return {
    places: world.places,
    canaries: [
      ...Object.values(SECRETS),
      ...Object.values(ARGUMENTS),
      ...[MASTER, AUDIT, createKeyCanary("pepper", pepper)],
      ...keys,
    ],
    fullTrail,
    keys: world.keys,
    [Symbol.dispose]: () => {
      world.remove();
    },
  };
}

const CONFIG = `import { defineTool } from ${JSON.stringify(INDEX)};
export default {
  state: { dir: "data", masterKey: "env:MASTER" },
  tools: [defineTool({
    name: "crm.login", version: "1.0.0", description: "Logs in.", effect: "write", access: { roles: ["USER"] },
    input: { type: "object", additionalProperties: true }, handler: () => ({ ok: true }),
  })],
};
`;

async function useCommandLine(world: World): Promise<void> {
  const { vault, replaced, removed, misplaced } = SECRETS;
  await world.cli(["secrets", "set", "crm/token"], { stdin: `${replaced.text}\n` });
  await world.cli(["secrets", "set", "crm/token", "--reason", "rotated"], { stdin: vault.text });
  await world.cli(["secrets", "set", "gone"], { stdin: removed.text });
  await world.cli(["secrets", "remove", "gone"]);
  await world.cli(["secrets", "set", "from-env", "--from-env", "VARIABLE"]);
  await world.cli(["secrets", "set", "from-file", "--from-file", join(world.outside, "secret.txt")]);
  await world.cli(["secrets", "set", "crm/token", "--from-env", "TOO_LONG"], { code: 2 });
  await world.cli(["secrets", "set", "crm", misplaced.text], { code: 2 });
  await world.cli(["secrets", "set", "bad name"], { stdin: vault.text, code: 2 });
  await world.cli(["secrets", "rotate-key", "--new-key", misplaced.text], { code: 2 });
  await world.cli(["secrets", "list", "--json"]);
  await world.cli(["keys", "create", "--principal", "ci", "--roles", "USER", "--expires", "never"], { makesKey: true });
  await world.cli(["keys", "create", "--principal", "other"], { makesKey: true });
  const [first = "", other = ""] = world.keys;
  await world.cli(["keys", "rotate", other, "--overlap", "7d"], { makesKey: true });
  await world.cli(["keys", "revoke", other, "--reason", "leaked"]);
  await world.cli(["keys", "revoke", `${first}x`], { code: 2 });
  await world.cli(["keys", "list", "--json"]);
  await world.cli(["keys", "list"]);
  await world.cli([
    "call",
    "crm.login",
    JSON.stringify(toArguments()),
    "--as",
    "USER",
    "--idempotency-key",
    "k1",
    "--json",
  ]);
}

async function useLibrary(world: World): Promise<Buffer> {
  const place: StatePlace = { dir: world.data, postgres: null, masterKey: "env:MASTER", pepper: null };
  const key = parseAuditKey(AUDIT.bytes.toString("hex"));
  const stores = await openSqliteStores({ dir: world.data, ledger: { key, writeTimeoutMs: 10_000 } });
  const trail = createAuditTrail(stores.ledger, { clock: systemClock });
  const acts = createActRecorder(trail, (error) => {
    world.put("unrecorded", error);
  });
  const warn = (message: string): void => {
    world.put("warning", message);
  };
  const providers = [{ scheme: "aws-sm", resolve: (name: string) => answerAs(name) }];
  const options = { env: world.env, clock: systemClock, acts, warn, providers };
  const keys = await openStateKeys(stores, place, options);
  const { secrets } = await openStateSecrets(stores, place, options);
  const references = ["vault:crm/token", "env:VARIABLE", `file:${join(world.outside, "secret.txt")}`, "aws-sm:good"];
  const values = await Promise.all(references.map((reference) => secrets.resolve(reference)));
  world.put("held secrets", [values, JSON.stringify(values), values.map(String).join(" ")]);
  for (const reference of [
    "aws-sm:bad",
    "aws-sm:long",
    "env:TOO_LONG",
    "vault:crm/tokn",
    SECRETS.misplaced.text,
    `env:${SECRETS.misplaced.text}-`,
  ])
    await world.fail(`resolve ${reference.slice(0, 12)}`, secrets.resolve(reference));
  await world.fail("a spoilt row", spoil(stores, secrets));
  await world.fail(
    "another master key",
    openStateSecrets(stores, { ...place, masterKey: "env:OTHER_MASTER" }, options),
  );
  await world.fail("another pepper", openStateKeys(stores, { ...place, pepper: "env:OTHER_MASTER" }, options));
  const answers = [];
  for (const presented of [...world.keys, `${world.keys[0]}x`, SECRETS.misplaced.text])
    answers.push(await keys.verify(presented));
  world.put("answers of verify", answers);
  const answer = await keys.verify(world.keys[0]);
  if (!answer.ok) throw new Error("the key works");
  const used = values.map((value) => value.reveal()).join(" ");
  const fullTrail = await callTools(world, stores, answer.principal, used);
  await keys.close();
  world.readFiles("while it is open");
  await stores.close();
  return fullTrail;
}

function answerAs(name: string): string {
  if (name === "good") return SECRETS.provider.text;
  if (name === "long") return SECRETS.provider.text.repeat(3_000);
  throw Object.assign(new Error(`cannot log in with ${SECRETS.provider.text}`), { token: SECRETS.provider.text });
}

async function spoil(
  { secrets: store }: Stores,
  secrets: { resolve(reference: string): Promise<unknown> },
): Promise<unknown> {
  const row = await store.get("from-env");
  if (row === null) throw new Error("it is there");
  await store.set({ ...row, name: "spoilt" }, 0);
  return secrets.resolve("vault:spoilt");
}
