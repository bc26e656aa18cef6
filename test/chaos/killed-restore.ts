// Replaces the state of a folder by a backup, and is killed on the way: run by restore-kill.test.ts.
import { restoreBackup } from "../../src/stores/sql/backup/index.ts";

const [archive = "", dir = ""] = process.argv.slice(2);
await restoreBackup({ archive, target: { dialect: "sqlite", dir }, replace: true });
