/** The reading path that the READMEs promise, from the timer to the database: as short as they say, and connected. */

import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const MOST_FILES = 6;
const MOST_LINES = 130;
/** Puts the pieces together: the core knows the store only as a port. */
const WIRING = 'functions/_shared/runtime/runtime.ts';

describe.each([
  { page: 'README.md', says: 'in six files' },
  { page: 'README.zh-CN.md', says: '六个文件' },
])('$page', ({ page, says }) => {
  const text = read(page);
  const list = /^1\. \[functions\/[\s\S]*?\n\n/m.exec(text.slice(text.indexOf(says)))?.[0] ?? '';
  const paths = [...list.matchAll(/^\d+\. \[[^\]]+\]\(([^)]+)\)/gm)].map(([, path = '']) => path);

  it('names as many files as it says, and no long one', () => {
    expect(text).toContain(says);
    expect(paths).toHaveLength(MOST_FILES);
    const long = paths.filter((path) => read(path).trimEnd().split('\n').length > MOST_LINES);
    expect(long).toEqual([]);
  });

  it('begins at the timer, ends at the SDK, and each file leads to the next', () => {
    expect(read(paths[0]!)).toContain('export async function main(');
    expect(read(paths.at(-1)!)).toContain("from '@cloudbase/node-sdk'");
    const loose = paths.slice(1).filter((path, index) => {
      const leading = [paths[index]!, WIRING].map(read);
      return !leading.some((source) => source.includes(`/${basename(path)}'`));
    });
    expect(loose).toEqual([]);
  });
});
