// A process that starts a server, says where its data are, and waits to be killed.
import pg from "pg";
import { startPrivatePostgres } from "./private-postgres.ts";

const postgres = await startPrivatePostgres();
const client = new pg.Client({ connectionString: postgres.url });
await client.connect();
const { rows } = await client.query<{ readonly data_directory: string }>("show data_directory");
process.stdout.write(`${rows[0]?.data_directory}\n`);
