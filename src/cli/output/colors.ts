// Colours, or none.
import pico from "picocolors";

/** Functions that colour a text, or leave it as it is where colours are not welcome. */
export type Colors = ReturnType<typeof pico.createColors>;

/** Creates the colours; with `enabled` false they do nothing. */
export function createColors(enabled: boolean): Colors {
  return pico.createColors(enabled);
}
