// A process that changes the master key and is killed on the way: `node rotate-and-die.ts <dir> <secrets> <where>`.
import { join } from "node:path";
import { openSecrets } from "../../src/secrets/index.ts";
import { createKeyFile } from "../../src/stores/file/index.ts";
import { createSqlSecretStore } from "../../src/stores/sql/secret-store.ts";
import { openSqliteDatabase } from "../../src/stores/sql/sqlite/open-database.ts";
import type { SecretStore } from "../../src/ports/secret-store.ts";

const [dir = "", count = "", where = ""] = process.argv.slice(2);

function dieAt(place: string): void {
  if (place === where) process.kill(process.pid, "SIGKILL");
}

const database = await openSqliteDatabase({ path: join(dir, "state.db"), part: "state" });
const real = createSqlSecretStore(database);
let sealed = 0;
const store: SecretStore = {
  ...real,
  replaceMasterKey: (from, to, rewrap) =>
    real.replaceMasterKey(from, to, (secret) => {
      dieAt(`secret ${sealed++}`);
      return rewrap(secret);
    }),
};
const file = createKeyFile(join(dir, "master.key"));
const secrets = await openSecrets({ env: {}, vault: { store, masterKey: file } });
for (let index = 0; index < Number(count); index++) await secrets.set(`s${index}`, `value-${index}`);
process.stdout.write("filled\n");
const next = await file.stage();
dieAt("staged");
await secrets.rotateMasterKey(next);
dieAt("rotated");
await file.commit();
dieAt("committed");
