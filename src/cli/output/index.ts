// What commands write with.
export { type Colors, createColors } from "./colors.ts";
export { toInlineJson, toJsonText } from "./json-text.ts";
export { createOutput, type Output } from "./output.ts";
export { toSafeLine, toSafeText } from "./safe-text.ts";
export { type Cell, type Column, type Paint } from "./table.ts";
export { toTruncated } from "./text-width.ts";
