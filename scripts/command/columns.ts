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

/** Breaks a text at spaces into lines of at most `width` characters. */
export function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const line = lines.at(-1);
    if (line === undefined || line.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = `${line} ${word}`;
  }
  return lines;
}

/** Without the colours, which take no room. */
function widthOf(cell: string): number {
  return stripVTControlCharacters(cell).length;
}
