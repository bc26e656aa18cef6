// A program with one call: it has its effect, says so, waits until the database is gone, answers, says what was answered, and stays until
// it is killed. Arguments: URL, schema, spool folder.
import { once } from "node:events";
import { defineTool, openRegistry } from "../../src/index.ts";
import { openPostgresStores } from "../../src/stores/sql/postgres/index.ts";

const [url, schema, spoolDir] = process.argv.slice(2) as [string, string, string];
const stores = await openPostgresStores({ url, schema, timeoutMs: 1_000, ledger: { spoolDir } });
const pay = defineTool({
  name: "pay",
  version: "1.0.0",
  description: "Pays.",
  effect: "write",
  timeoutMs: 20_000,
  access: { roles: ["USER"] },
  async handler() {
    console.log("effect");
    await once(process.stdin, "data");
    return "paid";
  },
});
const registry = await openRegistry({ tools: [pay], limits: [], concurrency: [], stores });
const outcome = await registry.execute("pay", {}, { principal: { id: "u" }, idempotencyKey: "k" });
console.log(JSON.stringify(outcome));
setInterval(() => {}, 1_000);
