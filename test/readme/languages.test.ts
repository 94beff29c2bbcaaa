/** A document in English and its Chinese twin say the same, in the same order. */

import { describe, expect, it } from 'vitest';
import type { Page } from './markdown.ts';
import { pages } from './pages.ts';

const { english, chinese } = pages;

it.each<[string, (page: Page) => unknown]>([
  ['sections', ({ headings }) => headings.map(({ level }) => level)],
  ['commands, snippets, transcripts and replies', ({ fences }) => fences.map(bare)],
  ['tables, row by row', ({ tables }) => tables.map(({ rows }) => rows.length)],
  ['variables and defaults', ({ tables }) => tables[1]?.rows.map(([name, , value]) => [name, value])],
  ['errcodes', ({ tables }) => tables[0]?.rows.map(([errcode]) => Number(errcode))],
  [
    'links, but for the one to each other, to the same page in their language',
    ({ links }) => links.slice(1).map((link) => link.replace('.zh-CN.md', '.md')),
  ],
])('the same %s', (_, part) => {
  expect(part(chinese)).toEqual(part(english));
});

describe.each([
  [pages.operations, pages.operationsInChinese],
  [pages.reliability, pages.reliabilityInChinese],
])('$path and its Chinese twin', (one, other) => {
  it.each<[string, (page: Page) => unknown]>([
    ['sections', ({ headings }) => headings.map(({ level }) => level)],
    ['commands and rules', ({ fences }) => fences.map(bare)],
    ['tables, row by row', ({ tables }) => tables.map(({ rows }) => rows.length)],
    ['links', ({ links }) => links.slice(1).map((link) => link.replace('.zh-CN.md', '.md'))],
  ])('have the same %s', (_, part) => {
    expect(part(other)).toEqual(part(one));
  });
});

it('each links to the other first', () => {
  expect([english.links[0], chinese.links[0]]).toEqual(['README.zh-CN.md', 'README.md']);
});

/** The words of the picture differ, its arrows don't. */
function bare({ language, text }: Page['fences'][number]): string {
  return `${language}\n${language === 'mermaid' ? text.replaceAll(/"[^"]*"/g, '""') : text}`;
}
