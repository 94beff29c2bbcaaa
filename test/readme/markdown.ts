/** The parts of a Markdown file that a test can check: headings, fenced blocks, tables, links, inline code. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../support/cloud.ts';

interface Fence {
  language: string;
  text: string;
  /** The heading above it. */
  section: string;
}

export interface Page {
  path: string;
  headings: { level: number; title: string }[];
  fences: Fence[];
  /** Rows of cells, one array per table, without the head. */
  tables: { section: string; rows: string[][] }[];
  links: string[];
  /** `text between backticks`, outside fences. */
  codes: { text: string; section: string }[];
}

export function readPage(path: string): Page {
  const page: Page = { path, headings: [], fences: [], tables: [], links: [], codes: [] };
  let open: { indent: string; fence: Fence } | null = null;
  for (const line of readFileSync(join(ROOT, path), 'utf8').split('\n')) {
    const mark = /^( *)```(\w*)$/.exec(line);
    const section = page.headings.at(-1)?.title ?? '';
    if (open !== null && mark !== null) {
      page.fences.push(open.fence);
      open = null;
    } else if (open !== null) open.fence.text += `${line.slice(open.indent.length)}\n`;
    else if (mark !== null)
      open = { indent: mark[1]!, fence: { language: mark[2] ?? '', text: '', section } };
    else readLine(page, line, section);
  }
  if (open !== null) throw new Error(`${path}: a fenced block never ends`);
  return page;
}

function readLine(page: Page, line: string, section: string): void {
  const heading = /^(#+) (.+)$/.exec(line);
  if (heading !== null) page.headings.push({ level: heading[1]!.length, title: heading[2]! });
  if (line.startsWith('|')) readRow(page, line, section);
  for (const [, text = ''] of line.matchAll(/`([^`]+)`/g)) page.codes.push({ text, section });
  for (const [, target = ''] of line.matchAll(/\]\(([^)\s]+)\)/g))
    page.links.push(target.replaceAll('\\', ''));
}

/** A head is followed by its rule, which starts the table. */
function readRow({ tables }: Page, line: string, section: string): void {
  const cells = line.split('|').slice(1, -1);
  if (cells.every((cell) => /^\s*:?-+:?\s*$/.test(cell))) tables.push({ section, rows: [] });
  else if (tables.at(-1)?.section === section) tables.at(-1)!.rows.push(cells.map((cell) => cell.trim()));
}
