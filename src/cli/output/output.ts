// Where a command writes: text for people, or with `--json` data for programs. A command writes one or the other, never
// both, and everything it did not write itself passes through `toSafeText`.
import { stripVTControlCharacters } from "node:util";
import { type CliIo, hasColors, toColumns } from "../io.ts";
import { toBlocks } from "./blocks.ts";
import { type Colors, createColors } from "./colors.ts";
import { toJsonText } from "./json-text.ts";
import { toSafeText } from "./safe-text.ts";
import { type Cell, type Column, toTable } from "./table.ts";
import { toWrapped } from "./text-width.ts";

export interface Output {
  /** Whether the user asked for JSON. */
  readonly json: boolean;
  readonly colors: Colors;
  /** Columns of a line. */
  readonly width: number;
  /** A line as it is; make texts of strangers safe before. */
  line(text?: string): void;
  /** A text of strangers, made safe. */
  text(text: string): void;
  /** A paragraph, wrapped at the width and indented by so many columns. */
  paragraph(text: string, indent?: number): void;
  /** The lines of a text of strangers, made safe and wrapped so that `indent` columns stay free. */
  wrap(text: string, indent?: number): readonly string[];
  table(columns: readonly Column[], rows: readonly (readonly Cell[])[]): void;
  /** Blocks of lines beside one another; texts of strangers are made safe. */
  blocks(blocks: readonly string[]): void;
  /** The one JSON document of a command. */
  data(value: unknown): void;
  /** One JSON document of several, on a line of its own. */
  dataLine(value: unknown): void;
  /** A line to the error stream: warnings and progress, which no pipe should get. */
  note(text: string): void;
}

/** Creates the output of one command. */
export function createOutput(io: CliIo, json: boolean): Output {
  const colors = createColors(hasColors(io.stdout, io.env));
  const width = toColumns(io);
  const write = (text: string): void => {
    io.stdout.write(`${text}\n`);
  };
  const wrap = (text: string, indent = 0): readonly string[] => toWrapped(toSafeText(text), width - indent);
  return {
    json,
    colors,
    width,
    line: (text = "") => {
      write(text);
    },
    text: (text) => {
      write(toSafeText(text));
    },
    paragraph: (text, indent = 0) => {
      const margin = " ".repeat(indent);
      for (const line of wrap(text, indent)) write(`${margin}${line}`.trimEnd());
    },
    wrap,
    table: (columns, rows) => {
      write(toTable(columns, rows, width, colors));
    },
    blocks: (blocks) => {
      write(toBlocks(blocks, width));
    },
    data: (value) => {
      write(toJsonText(value));
    },
    dataLine: (value) => {
      write(toJsonText(value, 0));
    },
    note: (text) => {
      // Coloured for the standard output, which may be a terminal while this is a file.
      io.stderr.write(`${hasColors(io.stderr, io.env) ? text : stripVTControlCharacters(text)}\n`);
    },
  };
}
