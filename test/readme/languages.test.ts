/** README.md and README.zh-CN.md say the same, in the same order. */

import { expect, it } from 'vitest';
import type { Page } from './markdown.ts';
import { pages } from './pages.ts';

const { english, chinese } = pages;

it.each<[string, (page: Page) => unknown]>([
  ['sections', ({ headings }) => headings.map(({ level }) => level)],
  ['commands, snippets, transcripts and replies', ({ fences }) => fences.map(bare)],
  ['tables, row by row', ({ tables }) => tables.map(({ rows }) => rows.length)],
  ['variables and defaults', ({ tables }) => tables[1]?.rows.map(([name, , value]) => [name, value])],
  ['errcodes', ({ tables }) => tables[0]?.rows.map(([errcode]) => Number(errcode))],
  ['links, but for the one to each other', ({ links }) => links.slice(1)],
])('the same %s', (_, part) => {
  expect(part(chinese)).toEqual(part(english));
});

it('each links to the other first', () => {
  expect([english.links[0], chinese.links[0]]).toEqual(['README.zh-CN.md', 'README.md']);
});

/** The words of the picture differ, its arrows don't. */
function bare({ language, text }: Page['fences'][number]): string {
  return `${language}\n${language === 'mermaid' ? text.replaceAll(/"[^"]*"/g, '""') : text}`;
}
