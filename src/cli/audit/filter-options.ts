// Which events the audit commands are asked for.
import { Option } from "commander";
import type { AuditFilter } from "../../index.ts";
import type { VerbOptions } from "../verb.ts";
import { type Moment, parseMoment, toTime } from "./moment-option.ts";

/** `--since`, `--until` and what an event has to say. */
export function createFilterOptions(): readonly Option[] {
  return [
    new Option("--since <when>", "from then on: 90s, 15m, 1h, 7d ago, or a date, 2026-11-24T08:30:00Z").argParser(
      parseMoment,
    ),
    new Option("--until <when>", "up to then").argParser(parseMoment),
    ...createTextOptions(),
  ];
}

/** What an event has to say. */
export function createTextOptions(): readonly Option[] {
  return [
    new Option("--tenant <tenant>", "only of this tenant"),
    new Option("--principal <id>", "only of this principal"),
    new Option("--tool <name>", "only of this tool"),
    new Option("--code <code>", "only with this error code"),
    new Option("--kind <kind>", "only of this kind, such as call.refused or tool.published"),
    new Option("--call <id>", "only of this call"),
  ];
}

/** The filter that the options describe. */
export function toFilter(options: VerbOptions, now: number): AuditFilter {
  const { tenant, principal, tool, code, kind, call } = options as Readonly<Record<string, string | undefined>>;
  const { since, until } = options as { readonly since?: Moment; readonly until?: Moment };
  return {
    ...(since !== undefined && { from: toTime(since, now) }),
    ...(until !== undefined && { until: toTime(until, now) }),
    ...(tenant !== undefined && { tenant }),
    ...(principal !== undefined && { principal }),
    ...(tool !== undefined && { tool }),
    ...(code !== undefined && { code }),
    ...(kind !== undefined && { kind }),
    ...(call !== undefined && { callId: call }),
  };
}
