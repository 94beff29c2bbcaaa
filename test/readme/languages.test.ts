/** A document in English and its Chinese twin say the same, in the same order. */

import { describe, expect, it } from 'vitest';
import type { Page } from './markdown.ts';
import { pages } from './pages.ts';

const twins: [Page, Page][] = [
  [pages.english, pages.chinese],
  [pages.calling, pages.callingInChinese],
  [pages.tickets, pages.ticketsInChinese],
  [pages.configuration, pages.configurationInChinese],
  [pages.operations, pages.operationsInChinese],
  [pages.reliability, pages.reliabilityInChinese],
  [pages.embeddedCloud, pages.embeddedCloudInChinese],
  [pages.security, pages.securityInChinese],
];

describe.each(twins)('$path and its Chinese twin', (one, other) => {
  it.each<[string, (page: Page) => unknown]>([
    ['sections', ({ headings }) => headings.map(({ level }) => level)],
    ['commands, snippets, transcripts and replies', ({ fences }) => fences.map(bare)],
    ['tables, row by row', ({ tables }) => tables.map(({ rows }) => rows.length)],
    [
      'links, but for the one to each other, to the same page in their language',
      ({ links }) => links.slice(1).map((link) => link.replace('.zh-CN.md', '.md')),
    ],
  ])('have the same %s', (_, part) => {
    expect(part(other)).toEqual(part(one));
  });

  it('link to each other first', () => {
    const nameOf = ({ path }: Page): string => path.replace(/.*\//, '');
    expect([one.links[0], other.links[0]]).toEqual([nameOf(other), nameOf(one)]);
  });
});

it.each<[string, (page: Page) => unknown, Page, Page]>([
  [
    'variables and defaults',
    ({ tables }) => tables[0]?.rows.map(([name, , value]) => [name, value]),
    pages.configuration,
    pages.configurationInChinese,
  ],
  [
    'errcodes',
    ({ tables }) => tables[0]?.rows.map(([errcode]) => Number(errcode)),
    pages.calling,
    pages.callingInChinese,
  ],
])('the same %s', (_, part, one, other) => {
  expect(part(one)).toHaveProperty('5');
  expect(part(other)).toEqual(part(one));
});

/** The words of the picture differ, its arrows don't. */
function bare({ language, text }: Page['fences'][number]): string {
  return `${language}\n${language === 'mermaid' ? text.replaceAll(/"[^"]*"/g, '""') : text}`;
}
