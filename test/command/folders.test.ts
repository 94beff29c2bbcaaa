/** Which folder is the user's project, and what is kept in it. */

import { mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { markedAround } from '../../scripts/command/folders.ts';
import { makeOwnFolder } from '../../scripts/command/own-folder.ts';

let top = '';
const path = (...names: string[]): string => join(top, ...names);
const folder = (...names: string[]): string =>
  mkdirSync(path(...names), { recursive: true }) ?? path(...names);

beforeEach(() => {
  top = mkdtempSync(join(tmpdir(), 'folders-'));
});

describe('the project', () => {
  it('is the nearest marked folder of a repository, as in one that holds several', () => {
    folder('packages/程序 a/cloudfunctions/login');
    folder('packages/b');
    const around = (): unknown[] =>
      ['packages/程序 a/cloudfunctions/login', 'packages/b'].map((name) => markedAround(path(name)));
    writeFileSync(path('cloudbaserc.json'), '{}');
    writeFileSync(path('packages/程序 a/project.config.json'), '{}');
    // Outside of a repository nothing above is looked at.
    expect(around()).toEqual([undefined, undefined]);
    folder('.git');
    expect(around()).toEqual([path('packages/程序 a'), top]);
    folder('packages/b/.git');
    expect(around()).toEqual([path('packages/程序 a'), undefined]);
  });

  it('is no folder of somebody else’s, though he has put a repository and settings there', () => {
    folder('mine/deep');
    folder('.git');
    writeFileSync(path('.env.local'), 'WX_API_BASE_URLS=https://attacker.example');
    const owners = (others: readonly string[]) => (file: string) =>
      [path(), path('.git'), path('.env.local'), path('mine'), path('mine/deep')].includes(file)
        ? others.includes(file)
          ? 1001
          : 1000
        : undefined;
    expect(markedAround(path('mine/deep'), owners([]))).toBe(top);
    for (const other of [path(), path('.git'), path('.env.local'), path('mine')])
      expect(markedAround(path('mine/deep'), owners([other]))).toBeUndefined();
  });
});

describe('the folder for data', () => {
  it('keeps itself out of git, whatever a project brings along', () => {
    const own = makeOwnFolder(top, true);
    expect(readFileSync(join(own, '.gitignore'), 'utf8')).toBe('*\n');
    writeFileSync(join(own, '.gitignore'), '*\n!keys\n');
    makeOwnFolder(top, true);
    expect(readFileSync(join(own, '.gitignore'), 'utf8')).toBe('*\n');
  });

  it('is no link, and its .gitignore is written through none', () => {
    writeFileSync(path('precious'), 'mine');
    folder('a/.local');
    symlinkSync(path('precious'), path('a/.local/.gitignore'));
    makeOwnFolder(path('a'), true);
    expect(readFileSync(path('precious'), 'utf8')).toBe('mine');
    folder('b');
    symlinkSync(path('a'), path('b/.local'));
    expect(() => makeOwnFolder(path('b'), true)).toThrow('is a link');
  });
});
