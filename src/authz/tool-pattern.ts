// Which tools a grant is about: names, `orders.*` (everything below, at any depth) and `*` (every tool).
import { TOOL_NAME } from "../tool/tool-ref.ts";

/** What is wrong with a pattern, or null. */
export function findPatternFault(pattern: string): string | null {
  if (pattern === "*" || TOOL_NAME.test(pattern.endsWith(".*") ? pattern.slice(0, -2) : pattern)) return null;
  const before = pattern.slice(0, Math.max(0, pattern.indexOf("*"))).replace(/\.$/, "");
  const hint = TOOL_NAME.test(before) ? `; did you mean "${before}.*"?` : "";
  return `expected a tool name, a name followed by ".*", or "*"${hint}`;
}

/** Makes a test of tool names from valid patterns. */
export function toToolMatcher(patterns: readonly string[]): (name: string) => boolean {
  if (patterns.includes("*")) return () => true;
  const names = new Set(patterns.filter((pattern) => !pattern.endsWith(".*")));
  const prefixes = patterns.filter((pattern) => pattern.endsWith(".*")).map((pattern) => pattern.slice(0, -1));
  return (name) => names.has(name) || prefixes.some((prefix) => name.startsWith(prefix));
}
