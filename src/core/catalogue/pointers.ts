// Channels and defaults of a running registry.
import { DEFAULT_TENANT } from "../../call/principal.ts";
import { ToolyardError } from "../../errors/toolyard-error.ts";
import type { Change } from "../../ports/catalog-store.ts";
import { clearChannel, setChannel, setDefault, type ToolEntry } from "../../registry/index.ts";
import type { RegistryEvents } from "../registry.ts";
import { type ActOptions, readActOptions } from "./act-options.ts";
import type { CatalogueParts } from "./commit-publication.ts";
import { runToolAct } from "./run-tool-act.ts";
import { listChannels, listDefaults } from "./to-tool-life.ts";
import type { ChannelPointer, DefaultPointer, ToolLife } from "./tool-life.ts";
import type { ToolAct } from "./tool-writer.ts";

/** Names that callers ask for in place of a version: `orders.get@beta`. */
export interface Channels {
  /**
   * Lets the channel lead to exactly this version, active or deprecated. `stable` is the highest active release until it is set.
   * Rejects with NOT_PUBLISHED, STATE_CONFLICT or INVALID_OPTION (a name, or the 33rd channel of a tool).
   */
  set(name: string, channel: string, version: string, options?: ActOptions): Promise<ToolLife>;
  /** Takes the channel back. Rejects with STATE_CONFLICT while a default leads to it. */
  clear(name: string, channel: string, options?: ActOptions): Promise<ToolLife>;
  /** Those that were set, by name. */
  list(name: string): readonly ChannelPointer[];
}

export interface DefaultOptions extends ActOptions {
  /** Only for principals of this tenant. @default for everybody whose tenant has no default of its own */
  readonly tenant?: string;
}

/** What a bare name means. */
export interface Defaults {
  /**
   * `target` is a version, active or deprecated, or a channel. Until one is set it is `stable`. Rejects with NOT_PUBLISHED,
   * STATE_CONFLICT or INVALID_OPTION (a channel that does not exist, or the 1,001st tenant of a tool).
   */
  set(name: string, target: string, options?: DefaultOptions): Promise<ToolLife>;
  clear(name: string, options?: DefaultOptions): Promise<ToolLife>;
  /** Those that were set: first everybody's, then by tenant. */
  list(name: string): readonly DefaultPointer[];
}

interface PointerChange {
  readonly what: string;
  readonly name: string;
  readonly pointer: Omit<RegistryEvents["channel.changed"], "name">;
  readonly options: DefaultOptions;
}

type Apply = (tool: ToolEntry, change: Change) => ToolEntry;

/** The channels and defaults of a registry. */
export function createPointers(parts: CatalogueParts): { readonly channels: Channels; readonly defaults: Defaults } {
  return { channels: createChannels(parts), defaults: createDefaults(parts) };
}

function createChannels(parts: CatalogueParts): Channels {
  const toPointer = (channel: string, target: string | null) => ({ channel, tenant: null, target });
  return {
    async set(name, channel, version, options = {}) {
      const pointer = toPointer(channel, version);
      return point(parts, { what: "channels.set", name, pointer, options }, (tool, change) =>
        setChannel(tool, channel, version, change),
      );
    },
    async clear(name, channel, options = {}) {
      const pointer = toPointer(channel, null);
      return point(parts, { what: "channels.clear", name, pointer, options }, (tool, change) =>
        clearChannel(tool, channel, change),
      );
    },
    list: (name) => list(parts, name, listChannels),
  };
}

function createDefaults(parts: CatalogueParts): Defaults {
  const toPointer = (tenant: string | null, target: string | null) => ({ channel: null, tenant, target });
  return {
    async set(name, target, options = {}) {
      const tenant = checkTenant("defaults.set", options.tenant);
      const pointer = toPointer(tenant, target);
      return point(parts, { what: "defaults.set", name, pointer, options }, (tool, change) =>
        setDefault(tool, tenant, target, change),
      );
    },
    async clear(name, options = {}) {
      const tenant = checkTenant("defaults.clear", options.tenant);
      const pointer = toPointer(tenant, null);
      return point(parts, { what: "defaults.clear", name, pointer, options }, (tool, change) =>
        setDefault(tool, tenant, null, change),
      );
    },
    list: (name) => list(parts, name, listDefaults),
  };
}

function point(
  parts: CatalogueParts,
  { what, name, pointer, options }: PointerChange,
  apply: Apply,
): Promise<ToolLife> {
  const { environment, emitter } = parts;
  const more = what.startsWith("defaults") ? ["tenant"] : [];
  const basis = readActOptions(what, options, { now: environment.clock.now(), more });
  const act: ToolAct = {
    type: "channel.changed",
    name,
    version: null,
    details: { ...pointer },
    apply: (tool) => apply(tool, basis.change),
    announce() {
      emitter.emit("channel.changed", { name, ...pointer });
    },
  };
  return runToolAct(parts, act, basis);
}

function list<T>({ environment }: CatalogueParts, name: string, read: (tool: ToolEntry) => readonly T[]): readonly T[] {
  const tool = environment.catalogue.find(name);
  return tool === undefined ? [] : read(tool);
}

function checkTenant(what: string, tenant: unknown): string | null {
  if (tenant === undefined) return null;
  if (typeof tenant === "string" && tenant.length > 0 && tenant.length <= 256) return tenant;
  throw new ToolyardError(
    "INVALID_OPTION",
    `${what}: tenant: expected the id of a tenant, 1 to 256 characters, such as ${JSON.stringify(DEFAULT_TENANT)}`,
  );
}
