// Listening: what other folders of the server may know of it.
export { createListener, type HttpServer, type ListenerOptions } from "./create-listener.ts";
export { defineRoute, type Nothing } from "./define-route.ts";
export { wantsEvents } from "./event-stream.ts";
export type { Running } from "./exchange.ts";
export type { GuardParts } from "./guard.ts";
export { createHosts, type Hosts } from "./hosts.ts";
export { type AnyCode, HTTP_CODES, type HttpCode, toRow } from "./http-codes.ts";
export { createIpLimit, type IpLimit } from "./ip-limit.ts";
export type { MountParts } from "./mount.ts";
export { type ProblemDetails, type Refusal, toCallRefusal, toRefusal } from "./problem.ts";
export type { Access, Caller, Method, Route, RouteInput, RouteReply, RouteRequest, ServerEvent } from "./route.ts";
export { createShedder, type Shedder } from "./shedder.ts";
