// The server, for the command line.
export { type RunningServer, startServer, type StartOptions } from "./start-server.ts";
export type { ServerLog } from "./server-log.ts";
