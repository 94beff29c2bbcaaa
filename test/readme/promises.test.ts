/** Each sentence of SECURITY.md beside the tests that prove it; one without them, or a proof that is gone, fails. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../support/cloud.ts';
import { LIMITS, PROOFS, SENTENCES } from './proofs.ts';

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const [english, chinese] = [read('SECURITY.md'), read('SECURITY.zh-CN.md')];

function rowsOf(page: string): string[][] {
  const lines = page.split('\n').filter((line) => line.startsWith('| '));
  const cells = lines.map((line) => line.split(' | ').map((cell) => cell.replace(/^\| | \|$/g, '').trim()));
  // Behind the head and the line below it.
  return cells.slice(2);
}

/** Paragraphs and points of lists; no headings, no tables, no commands. */
function blocksOf(page: string): string[] {
  const lines = page.replaceAll(/^```[^]*?^```$/gm, '').split('\n');
  const isProse = (line: string): boolean => line.trim() !== '' && !/^[#|]|^\[[^\]]+\]\([^)]+\)$/.test(line);
  return lines.filter(isProse).map((line) => line.replace(/^(?:- |\d+\. )/, ''));
}

const sentencesOf = (page: string): string[] =>
  blocksOf(page).flatMap((block) => block.split(/(?<=\.) (?=[A-Z`*])/));

/** What is written alike in both languages: code, addresses of links, numbers. */
function alike(text: string): unknown {
  const codes = [...text.matchAll(/`([^`]+)`/g)].map(([, code]) => code);
  const links = [...text.matchAll(/\]\(([^)]+)\)/g)].map(([, target]) => target);
  const plain = text.replaceAll(/`[^`]+`|\]\([^)]+\)/g, '');
  const numbers = [...plain.matchAll(/\d[\d.,]*\d|\d/g)].map(([number]) => number);
  return [codes, links, numbers].map((found) => found.map(String).toSorted());
}

describe('SECURITY.md', () => {
  it('promises nothing in its table that no test is named for', () => {
    const promises = rowsOf(english).map(([who, what]) => `${who}: ${what}`);
    expect(promises).toEqual(Object.keys(PROOFS));
  });

  it('says nothing else that no test is named for, unless it is an advice or a limit', () => {
    const starts = [...Object.keys(SENTENCES), ...LIMITS];
    const sentences = sentencesOf(english);
    const isKnown = (sentence: string): boolean => starts.some((start) => sentence.startsWith(start));
    expect(sentences.filter((sentence) => !isKnown(sentence))).toEqual([]);
    const uses = (start: string): number => sentences.filter((one) => one.startsWith(start)).length;
    expect(starts.filter((start) => uses(start) !== 1)).toEqual([]);
  });

  it('says the same in each cell of both languages', () => {
    const rows = rowsOf(english);
    expect(rows.length).toBeGreaterThan(9);
    expect(rowsOf(chinese).map((row) => row.map(alike))).toEqual(rows.map((row) => row.map(alike)));
  });

  it('says the same in each paragraph of both languages', () => {
    const blocks = blocksOf(english);
    expect(blocks.length).toBeGreaterThan(15);
    expect(blocksOf(chinese).map(alike)).toEqual(blocks.map(alike));
  });

  it('counts the packages that are in a bundle', () => {
    const listed = JSON.parse(read('scripts/build/packages.json')) as Record<string, string[]>;
    for (const packages of Object.values(listed))
      expect(english).toContain(`: ${packages.length} packages are left`);
  });

  const proofs = [...Object.values(PROOFS), ...Object.values(SENTENCES)].flat();
  it.each(proofs)('is proved by %s: “%s”', (file, title) => {
    expect(read(file)).toContain(`'${title}`);
  });
});
