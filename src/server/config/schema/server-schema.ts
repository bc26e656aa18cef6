// `server`: what the HTTP server reads.
import { z } from "zod";
import type { DrainConfig, IpLimitConfig, ServerConfig, ServerSettings, SheddingConfig } from "../server-config.ts";
import { isHost, isServerUrl } from "./addresses.ts";
import { flag, integer, members, meta, network, origins, positive, text, textThat } from "./members.ts";

const off = z.literal(false);
const timeout = integer(100, 3_600_000);
const port = integer(0, 65_535);

const host = textThat(isHost, "a host name in lower case, with a port where it is not the usual one");
const hosts = z
  .array(host)
  .meta({ accepts: "an array of host names in lower case, each with a port where it is not the usual one" });
const ipLimit = members<IpLimitConfig>()({
  capacity: meta(positive.default(6_000), { description: "Requests per window." }),
  windowMs: meta(integer(1_000, 86_400_000).default(60_000), { description: "The window, milliseconds." }),
});

const shedding = members<SheddingConfig>()({
  eventLoopDelayMs: meta(integer(1, 60_000).default(100), {
    description: "How late the event loop may be, milliseconds.",
  }),
});

const drain = members<DrainConfig>()({
  lameDuckMs: meta(integer(0, 600_000).default(1_000), {
    description: "How long it still takes requests while it says that it is not ready, milliseconds.",
  }),
  graceMs: meta(integer(0, 3_600_000).default(10_000), {
    description: "How long it then waits for what runs, milliseconds.",
  }),
});

const serverShape = {
  host: meta(text.default("127.0.0.1"), { description: "Address to listen at.", accepts: "an address or a host name" }),
  port: meta(port.default(8321), { description: "Port to listen at; 0 takes a free one.", fallback: "8321" }),
  adminHost: meta(text.optional(), {
    description: "Address of the listener for administration.",
    accepts: "an address or a host name",
    fallback: "that of the server",
  }),
  adminPort: meta(port.optional(), {
    description: "A listener of its own for the routes of administration.",
    fallback: "none: they are on the server's",
  }),
  publicUrl: meta(textThat(isServerUrl, "the URL of a server, such as https://tools.example.com").optional(), {
    description: "Where clients reach it: the audience of tokens, and its name in metadata.",
  }),
  allowedHosts: meta(hosts.default([]), {
    description: "Further names in the header `Host`, besides those of the listener.",
    reload: true,
  }),
  corsOrigins: meta(origins.default([]), { description: "Origins of pages that may ask.", reload: true }),
  trustedProxies: meta(
    z.array(network).meta({ accepts: "an array of addresses and networks such as 10.0.0.0/8" }).default([]),
    {
      description: "Whose `X-Forwarded-For` is believed.",
    },
  ),
  bodyBytes: meta(integer(1_024, 16_777_216).default(1_048_576), { description: "Bytes of a body." }),
  headerBytes: meta(integer(1_024, 1_048_576).default(16_384), { description: "Bytes of all headers." }),
  jsonDepth: meta(integer(1, 256).default(64), { description: "Levels of JSON." }),
  requestTimeoutMs: meta(timeout.default(30_000), {
    description: "How long a request may take to arrive, milliseconds.",
  }),
  headersTimeoutMs: meta(timeout.default(10_000), { description: "How long its headers may take, milliseconds." }),
  keepAliveTimeoutMs: meta(timeout.default(5_000), { description: "How long a connection may be idle, milliseconds." }),
  maxConnections: meta(integer(1, 100_000).default(1_000), { description: "Connections at once." }),
  ipLimit: meta(z.union([off, ipLimit]).default({ capacity: 6_000, windowMs: 60_000 }), {
    description: "Requests of one address. False for no limit.",
    reload: true,
  }),
  shedding: meta(z.union([off, shedding]).default({ eventLoopDelayMs: 100 }), {
    description: "When requests are turned away to keep the others quick. False for never.",
    reload: true,
  }),
  drain: meta(drain.prefault({}), { description: "How it stops." }),
  openapi: meta(flag.default(true), { description: "Whether it serves its OpenAPI document." }),
  docs: meta(flag.default(true), { description: "Whether it serves pages that show the document." }),
};

const server = members<ServerConfig>()(serverShape).refine(
  ({ adminHost, adminPort }) => adminHost === undefined || adminPort !== undefined,
  { path: ["adminHost"], error: "needs `adminPort` beside it: without one there is no listener for administration" },
);

export const SERVER_SCHEMA: z.ZodType<unknown, ServerConfig> = server;

/** Every default filled in. Throws a ZodError for what `SERVER_SCHEMA` refuses. */
export function toServer(config: ServerConfig): ServerSettings {
  const { adminHost, adminPort, publicUrl = null, ...same } = server.parse(config);
  const admin = adminPort === undefined ? null : { host: adminHost ?? same.host, port: adminPort };
  return { ...same, admin, publicUrl };
}
