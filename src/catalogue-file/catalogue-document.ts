// What a catalogue file says, as data: what is published and what operators have set. Not who did it and when: that is in the audit trail,
// and would make two files differ that say the same.
import type { JsonObject, JsonValue } from "../kernel/json.ts";
import type { SettingKind } from "../ports/setting-store.ts";
import type { Status } from "../tool/tool-version.ts";

export interface VersionDocument {
  readonly status: Status;
  /** message, sunsetAt and successor; null: it is not deprecated. */
  readonly deprecation: JsonObject | null;
  readonly digest: string;
  /** What the version is made of: `code`, or the kind of its source. */
  readonly source: string;
  /** With name and version. */
  readonly definition: JsonObject;
}

export interface ToolDocument {
  readonly versions: ReadonlyMap<string, VersionDocument>;
  /** `channels`, `default`, `tenants`, `canary`, `shadow` and `promotion` as they are stored, without who and when. */
  readonly steering: JsonObject;
}

export interface CatalogueDocument {
  readonly tools: ReadonlyMap<string, ToolDocument>;
  /** Bodies by kind and id. */
  readonly settings: ReadonlyMap<SettingKind, ReadonlyMap<string, JsonValue>>;
  /** Names of secrets. Their values are never in a file. */
  readonly secrets: readonly string[];
}

/** What a file of this form calls itself. */
export const CATALOGUE_FORMAT = "toolyard.catalogue";
/** Grows when older code could not read what newer code writes. */
export const CATALOGUE_VERSION = 1;

/** The kinds of settings (stops are no part of a file: they are of the system that runs), what their part of a file is called, and the parts of which their ids are made. */
export const SETTING_SECTIONS: readonly {
  readonly kind: SettingKind;
  readonly section: string;
  readonly parts: readonly string[];
}[] = [
  { kind: "role", section: "roles", parts: ["role"] },
  { kind: "grant", section: "grants", parts: ["grant"] },
  { kind: "permission", section: "permissions", parts: ["tool"] },
  { kind: "principal", section: "principals", parts: ["tenant", "principal"] },
  { kind: "limit", section: "limits", parts: ["limit"] },
  { kind: "override", section: "overrides", parts: ["tenant", "principal", "limit"] },
];

/** Fields that tell who changed something and when. */
const CHANGE_FIELDS: ReadonlySet<string> = new Set(["at", "by", "reason"]);

/** `value` without who and when. */
export function withoutChange(value: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(value).filter(([key]) => !CHANGE_FIELDS.has(key)));
}
