/** Text laid out for a terminal: columns, and lines of a bounded width. */

import { stripVTControlCharacters } from 'node:util';

/** Pads every column to its widest cell; the last one is left as it is. */
export function columns(rows: readonly (readonly string[])[], gap = '  '): string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => widthOf(row[column] ?? ''))),
  );
  return rows.map((row) =>
    row
      .map((cell, column) =>
        column === row.length - 1 ? cell : cell + ' '.repeat((widths[column] ?? 0) - widthOf(cell)),
      )
      .join(gap)
      .trimEnd(),
  );
}

/** Breaks a text at spaces, and between Chinese characters, into lines of at most `width` columns. */
export function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const piece of text.match(PIECES) ?? []) {
    const line = lines.at(-1);
    if (line === undefined || widthOf(line) + widthOf(piece.trimEnd()) > width) lines.push(piece);
    else lines[lines.length - 1] = line + piece;
  }
  return lines.map((line) => line.trimEnd());
}

/** A whole command, which is copied from one line. */
const COMMAND =
  /(?:npm run(?: -s)? [a-z-]+|npm start|npx cloudbase-access-token [a-z-]+)(?: --(?= ))?(?: --[a-z-]+(?: [\w.~-]*\/\S*)?)*\s*/;
/** A word, or a Chinese character with the punctuation that must not begin a line, and the space behind it. */
const WORD =
  /(?:[\u2E80-\u9FFF\uFF00-\uFFEF][，。、：；！？）》」』”’…]*|[^\s\u2E80-\u9FFF\uFF00-\uFFEF]+[，。、：；！？）》」』”’…]*)\s*/;
const PIECES = new RegExp(`${COMMAND.source}|${WORD.source}`, 'gu');
/** They take two columns of a terminal. */
const WIDE = /[\u2E80-\uA4CF\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6]/gu;

/** In a terminal; colours take no room. */
export function widthOf(cell: string): number {
  const plain = stripVTControlCharacters(cell);
  return plain.length + (plain.match(WIDE)?.length ?? 0);
}
