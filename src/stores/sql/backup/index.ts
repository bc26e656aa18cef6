// Backups of a registry's state: both parts, every row, restored into either kind of database.
export { type Backup, type BackupOptions, type PartDatabases, writeBackup } from "./write-backup.ts";
export { type Restored, restoreBackup, type RestoreOptions, type RestoreTarget } from "./restore.ts";
export type { Staged } from "./stage-archive.ts";
