/** What `npm run setup` writes reads back the same, by dotenv and by a shell, and everything else stays as it was. */

import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'dotenv';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changeEnvText } from '../../scripts/setup/env-text.ts';
import { quote } from '../../scripts/setup/quoting.ts';

function readByShell(text: string): Record<string, string> {
  const file = join(mkdtempSync(join(tmpdir(), 'env-text-')), 'vars');
  writeFileSync(file, text);
  const output = execFileSync('sh', ['-c', 'set -a; . "$1"; env -0', 'sh', file], { env: {} });
  const lines = output.toString('utf8').split('\0').filter(Boolean);
  return Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
}

/** Null: it said that it can't do that safely. */
function changedOrRefused(before: string): string | null {
  try {
    return changeEnvText(before, { A: 'n e w' });
  } catch (error) {
    if (error instanceof Error && error.message.includes("can't be changed safely")) return null;
    throw error;
  }
}

const AWKWARD = [
  'a b',
  ' leading and trailing ',
  '$HOME and ${HOME}',
  '`whoami`',
  'a#b # c',
  `say "hi"`,
  `it's`,
  `it's #1`,
  'back\\slash\\n',
  'a=b==',
  '!history',
  '*',
  '~',
  '{"a":"b"}',
  '密钥',
  'a;b&c|d<e>f(g)',
];

describe('quoting', () => {
  it.each(AWKWARD)('keeps %j for dotenv and for a shell', (value) => {
    const text = changeEnvText('', { VALUE: value });
    expect(parse(text)).toEqual({ VALUE: value });
    expect(readByShell(text)['VALUE']).toBe(value);
  });

  it.each([`it's "both"`, `it's $HOME`, 'two\nlines', `it's\\`])(
    'refuses %j, which the two would read differently',
    (value) => {
      expect(() => changeEnvText('', { VALUE: value })).toThrow(
        /VALUE can't be written so that dotenv and a shell/,
      );
    },
  );

  it('keeps whatever it agrees to write', () => {
    const value = fc
      .string({ minLength: 1, maxLength: 40, unit: 'grapheme-ascii' })
      .filter((text) => quote(text) !== null);
    fc.assert(
      fc.property(fc.array(value, { minLength: 20, maxLength: 40 }), (values) => {
        const wanted = Object.fromEntries(values.map((one, index) => [`VALUE_${index}`, one]));
        const text = changeEnvText('', wanted);
        expect(parse(text)).toEqual(wanted);
        expect(readByShell(text)).toMatchObject(wanted);
      }),
      { numRuns: 25 },
    );
  });
});

describe('changing a file', () => {
  it('keeps other lines, comments, order and blank lines', () => {
    const text = '# mine\nOTHER=1 # stays\n\nWX_APPID=old # the app\nexport LAST="a b"\n#WX_APPSECRET=\n';
    expect(changeEnvText(text, { WX_APPID: 'new', WX_APPSECRET: 's' })).toBe(
      '# mine\nOTHER=1 # stays\n\nWX_APPID=new # the app\nexport LAST="a b"\n#WX_APPSECRET=\nWX_APPSECRET=s\n',
    );
  });

  it.each([
    ['an empty assignment', 'A=\nB=1\n', 'A=new\nB=1\n'],
    ['an exported one', 'export A=1\nB=1\n', 'A=new\nB=1\n'],
    ['a quoted one with # in it', "A='x # y'\nB=1\n", 'A=new\nB=1\n'],
    ['one over several lines', 'A="x\ny"\nB=1\n', 'A=new\nB=1\n'],
    ['the last of several, and takes the others out', 'A=1\nB=1\nA=2\n', 'B=1\nA=new\n'],
    ['a file without a line end', 'B=1', 'B=1\nA=new\n'],
    ['a file with Windows line ends', 'A=1\r\nB=1\r\n', 'A=new\r\nB=1\r\n'],
    ['a name that is part of another', 'MY_A=1\nA_B=2\n', 'MY_A=1\nA_B=2\nA=new\n'],
  ])('replaces %s', (_name, before, after) => {
    expect(changeEnvText(before, { A: 'new' })).toBe(after);
  });

  it('takes a variable out', () => {
    expect(changeEnvText('A=1\nB=2\nA=3\n', { A: null })).toBe('B=2\n');
    expect(changeEnvText('B=2\n', { A: null })).toBe('B=2\n');
  });

  it('changes nothing else, whatever the file holds, or refuses', () => {
    const line = fc.oneof(
      fc.constantFrom(
        'A=1',
        'export A = "x y"',
        "A='q",
        'A: 7',
        '# A=2',
        '',
        'B="m\nn"',
        "C='#'",
        'A=`z`',
        'D=\\',
        'A',
      ),
      fc.string({ maxLength: 12 }),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 8 }), (lines) => {
        const before = lines.join('\n');
        const after = changedOrRefused(before);
        const wanted = after === null ? null : { ...parse(before), A: 'n e w' };
        expect(after && parse(after)).toEqual(wanted);
      }),
      { numRuns: 2_000 },
    );
  });
});
