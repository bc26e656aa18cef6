// What a caller of a version has to know of its end: `Deprecation` (RFC 9745), `Sunset` (RFC 8594), and what to use instead.
import type { ToolDescription } from "../../index.ts";
import type { Registry } from "../../index.ts";

const NONE: Readonly<Record<string, string>> = Object.freeze({});

export function toLifecycleHeaders(
  registry: Pick<Registry, "life">,
  tool: ToolDescription | undefined,
): Readonly<Record<string, string>> {
  if (tool?.deprecation === undefined || tool.deprecation === null) return NONE;
  const { sunsetAt, successor } = tool.deprecation;
  const since = registry.life(tool.name)?.versions.find(({ version }) => version === tool.version)?.change.at ?? 0;
  return {
    deprecation: `@${Math.floor(since / 1_000)}`,
    ...(sunsetAt !== null && { sunset: new Date(sunsetAt).toUTCString() }),
    ...(successor !== null && { link: `</v1/tools/${encodeURIComponent(successor)}>; rel="successor-version"` }),
  };
}
