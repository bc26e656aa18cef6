// Channels and defaults: names that lead to a version. Pure: a change gives another tool, or itself when nothing changes.
import { toProblemsError, ToolyardError } from "../../errors/toolyard-error.ts";
import { findNearest } from "../../kernel/nearest.ts";
import type { Change } from "../../ports/catalog-store.ts";
import { parseToolRef } from "../../tool/tool-ref.ts";
import { requirePublished } from "../catalogue.ts";
import { type ToolEntry, withChange } from "../entry.ts";
import { isChannel, type Steering } from "../steering.ts";
import { findLife } from "./change-status.ts";

const MAX_CHANNELS = 32;
/** Tenants with a default of their own. */
const MAX_TENANTS = 1_000;

/** Lets `channel` lead to `version`. */
export function setChannel(tool: ToolEntry, channel: string, version: string, change: Change): ToolEntry {
  checkChannelName(tool.name, channel);
  checkTarget(tool, version, `channel ${channel}`);
  const { channels } = tool.steering;
  if (channels.get(channel) === version) return tool;
  if (!channels.has(channel) && channels.size >= MAX_CHANNELS) refuse("channel", `at most ${MAX_CHANNELS} of a tool`);
  return steer(tool, change, { channels: new Map([...channels, [channel, version]]) });
}

/** Takes the pointer back. `stable` is the highest active release again, another channel is gone. */
export function clearChannel(tool: ToolEntry, channel: string, change: Change): ToolEntry {
  const { channels, defaultTo, tenants } = tool.steering;
  if (!channels.has(channel)) return tool;
  const used = channel !== "stable" && (defaultTo === channel || [...tenants.values()].includes(channel));
  if (used) throw new ToolyardError("STATE_CONFLICT", `${tool.name}: a default leads to the channel ${channel}`);
  return steer(tool, change, { channels: new Map([...channels].filter(([name]) => name !== channel)) });
}

/** What a bare name means: `target` is a version or a channel; null: `stable`. For one tenant, or for all without their own. */
export function setDefault(tool: ToolEntry, tenant: string | null, target: string | null, change: Change): ToolEntry {
  if (target !== null) checkDefault(tool, target);
  const { defaultTo, tenants } = tool.steering;
  const before = tenant === null ? defaultTo : (tenants.get(tenant) ?? null);
  if (before === target) return tool;
  if (tenant === null) return steer(tool, change, { defaultTo: target });
  const others = [...tenants].filter(([name]) => name !== tenant);
  if (target !== null && others.length >= MAX_TENANTS)
    refuse("tenant", `at most ${MAX_TENANTS} have their own default`);
  return steer(tool, change, { tenants: new Map(target === null ? others : [...others, [tenant, target]]) });
}

/** `tool` with other steering. */
export function steer(tool: ToolEntry, change: Change, parts: Partial<Steering>): ToolEntry {
  return withChange(tool, change, { steering: Object.freeze({ ...tool.steering, ...parts }) });
}

/** Throws unless `version` is published, and one that whoever is led to it could call. */
function checkTarget(tool: ToolEntry, version: string, what: string): void {
  requirePublished(tool, version);
  const { status } = findLife(tool, version);
  if (status === "active" || status === "deprecated") return;
  const hint = status === "staged" ? "activate it first" : "restore it first";
  throw new ToolyardError("STATE_CONFLICT", `${what}: ${tool.name}@${version} is ${status}; ${hint}`);
}

function checkDefault(tool: ToolEntry, target: string): void {
  if (!isChannel(target)) {
    checkTarget(tool, target, "default");
    return;
  }
  const channels = [...new Set(["stable", ...tool.steering.channels.keys()])];
  if (channels.includes(target)) return;
  const near = findNearest(target, channels, 1)[0];
  const hint = near === undefined ? "" : `; did you mean ${near}?`;
  refuse("default", `received ${JSON.stringify(target)}, expected a version or one of ${channels.join(", ")}${hint}`);
}

/** A name that a reference reads as something else would be a channel nobody can ask for. */
function checkChannelName(tool: string, channel: string): void {
  const parsed = typeof channel === "string" ? parseToolRef(`${tool}@${channel}`) : null;
  if (parsed?.ok === true && parsed.ref.kind === "channel" && parsed.ref.channel === channel) return;
  const received = typeof channel === "string" ? JSON.stringify(channel.slice(0, 80)) : typeof channel;
  refuse("channel", `received ${received}, expected 1 to 32 small letters and "-", such as "beta"`);
}

function refuse(path: string, message: string): never {
  throw toProblemsError("INVALID_OPTION", "The change cannot be made.", [{ path, message }]);
}
