// Reads where references to a tool lead: channels, defaults, rollouts. Whether the versions they lead to are there is seen when it is known
// which there will be.
import type { JsonObject, JsonValue } from "../kernel/json.ts";
import { parseToolRef } from "../tool/tool-ref.ts";
import type { DocumentReader, Fields } from "./document-reader.ts";
import type { Path, YamlData } from "./parse-yaml.ts";

export const STEERING_KEYS: readonly string[] = ["default", "channels", "tenants", "canary", "shadow", "promotion"];

/** The steering in the fields of a tool, as it is stored, without who and when. */
export function readSteering(reader: DocumentReader, fields: Fields, path: Path): JsonObject {
  const at = (key: string): Path => [...path, key];
  const channels = readPointers(reader, fields.get("channels"), at("channels"));
  for (const channel of Object.keys(channels ?? {})) checkChannel(reader, channel, [...at("channels"), channel]);
  return toPresent({
    channels,
    default: reader.text(fields.get("default"), at("default")),
    tenants: readPointers(reader, fields.get("tenants"), at("tenants")),
    canary: readRollout(reader, "canary", fields.get("canary"), at("canary")),
    shadow: readRollout(reader, "shadow", fields.get("shadow"), at("shadow")),
    promotion: readPromotion(reader, fields.get("promotion"), at("promotion")),
  });
}

function toPresent(parts: Readonly<Record<string, JsonValue>>): JsonObject {
  return Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== null));
}

function readPointers(reader: DocumentReader, value: YamlData | undefined, path: Path): JsonObject | null {
  const found = [...reader.names(value, path)].map(([name, target]): [string, string] => {
    const text = reader.text(target, [...path, name]);
    if (text === null && (target === undefined || target === null)) reader.refuse([...path, name], "leads nowhere");
    return [name, text ?? ""];
  });
  return found.length === 0 ? null : Object.fromEntries(found);
}

function checkChannel(reader: DocumentReader, channel: string, path: Path): void {
  const parsed = parseToolRef(`tool@${channel}`);
  if (parsed.ok && parsed.ref.kind === "channel" && parsed.ref.channel === channel) return;
  reader.refuse(path, 'is no name of a channel; expected 1 to 32 small letters and "-", such as beta');
}

function readRollout(
  reader: DocumentReader,
  kind: "canary" | "shadow",
  value: YamlData | undefined,
  path: Path,
): JsonObject | null {
  if (value === undefined || value === null) return null;
  const fields = reader.fields(value, path, ["version", "of", "audience", "forced"], ["version", "of", "audience"]);
  const version = reader.text(fields.get("version"), [...path, "version"]) ?? "";
  return {
    kind,
    version,
    of: reader.text(fields.get("of"), [...path, "of"]) ?? "",
    audience: readAudience(reader, fields.get("audience"), [...path, "audience"], version),
    forced: reader.text(fields.get("forced"), [...path, "forced"]),
  };
}

function readAudience(reader: DocumentReader, value: YamlData | undefined, path: Path, version: string): JsonObject {
  const fields = reader.fields(value, path, ["percent", "principals", "tenants", "roles", "salt"]);
  const percent = fields.get("percent") ?? 0;
  if (typeof percent !== "number" || percent < 0 || percent > 100)
    reader.refuse([...path, "percent"], `received ${JSON.stringify(percent)}, expected a number from 0 to 100`);
  return {
    percent: typeof percent === "number" ? percent : 0,
    principals: reader.list(fields.get("principals"), [...path, "principals"]).map((member, index) => {
      const at = [...path, "principals", index];
      const parts = reader.fields(member, at, ["tenant", "id"], ["tenant", "id"]);
      return { tenant: reader.text(parts.get("tenant"), at) ?? "", id: reader.text(parts.get("id"), at) ?? "" };
    }),
    tenants: readTexts(reader, fields.get("tenants"), [...path, "tenants"]),
    roles: readTexts(reader, fields.get("roles"), [...path, "roles"]),
    salt: reader.text(fields.get("salt"), [...path, "salt"]) ?? version,
  };
}

function readPromotion(reader: DocumentReader, value: YamlData | undefined, path: Path): JsonObject | null {
  if (value === undefined || value === null) return null;
  const known = ["version", "of", "staged", "channels", "tenants", "moved"];
  const fields = reader.fields(value, path, known, ["version", "of"]);
  const moved = fields.get("moved") ?? null;
  const from = moved === null ? null : reader.fields(moved, [...path, "moved"], ["from"]).get("from");
  return {
    version: reader.text(fields.get("version"), [...path, "version"]) ?? "",
    of: reader.text(fields.get("of"), [...path, "of"]) ?? "",
    staged: reader.flag(fields.get("staged"), [...path, "staged"]),
    channels: readTexts(reader, fields.get("channels"), [...path, "channels"]),
    tenants: readTexts(reader, fields.get("tenants"), [...path, "tenants"]),
    moved: moved === null ? null : { from: reader.text(from, [...path, "moved", "from"]) },
  };
}

function readTexts(reader: DocumentReader, value: YamlData | undefined, path: Path): readonly string[] {
  return reader.list(value, path).map((item, index) => reader.text(item, [...path, index]) ?? "");
}
