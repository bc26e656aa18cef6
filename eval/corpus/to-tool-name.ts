// Names of functions as names of tools.
import { TOOL_NAME } from "../../src/tool/tool-ref.ts";

const MAX_LENGTH = 128;

/** `name` where it is legal; otherwise the nearest that is, so that a definition is not lost for its name. */
export function toToolName(name: string): string {
  if (TOOL_NAME.test(name)) return name;
  const plain = name
    .split(".")
    .map((segment) => segment.replaceAll(/[^A-Za-z0-9_-]/g, "_"))
    .filter((segment) => segment !== "")
    .join(".");
  return (/^[A-Za-z_]/.test(plain) ? plain : `_${plain}`).slice(0, MAX_LENGTH).replace(/\.$/, "");
}
