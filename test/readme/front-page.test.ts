/** The README is short, says truly what gets deployed, and leads to every other document. */

import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../support/cloud.ts';
import { declared, pages } from './pages.ts';

const { english, chinese } = pages;
const MOST_LINES = 200;

describe.each([english, chinese])('$path', ({ path, links }) => {
  const text = readFileSync(join(ROOT, path), 'utf8');

  it(`has at most ${MOST_LINES} lines`, () => {
    expect(text.trimEnd().split('\n').length).toBeLessThanOrEqual(MOST_LINES);
  });

  it('names first the functions that are always deployed, then those that are deployed on request', () => {
    const bold = [...text.matchAll(/\*\*`(\w+)`\*\*/g)].map(([, name]) => name);
    const always = declared().map(({ name }) => name);
    const onRequest = ['cloudbaserc.outside.json', 'cloudbaserc.tickets.json']
      .flatMap((file) => declared(file))
      .map(({ name }) => name);
    expect(bold).toEqual([...always, ...onRequest]);
  });

  it('leads to every document of the repository in its language', () => {
    const own = path.includes('zh-CN');
    const there = [...readdirSync(ROOT), ...readdirSync(join(ROOT, 'docs')).map((name) => `docs/${name}`)];
    const documents = there.filter((name) => name.endsWith('.md'));
    const inChinese = new Set(documents.filter((name) => name.endsWith('.zh-CN.md')));
    const isTranslated = (name: string): boolean => inChinese.has(name.replace('.md', '.zh-CN.md'));
    const wanted = documents.filter((name) => (own ? !isTranslated(name) : !inChinese.has(name)));
    expect(links).toEqual(expect.arrayContaining(wanted.filter((name) => name !== path)));
  });
});
