// What a server tells its operator. `event` is a fixed word; `message` may hold what strangers wrote, and whoever prints it makes it safe.
export interface ServerLog {
  info(event: string, message: string): void;
  warn(event: string, message: string): void;
  error(event: string, message: string): void;
}
