/** What the documents name exists: files, scripts, variables, rules. */

import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'dotenv';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../functions/_shared/runtime/config.ts';
import { ROOT } from '../support/cloud.ts';
import { readScripts } from './commands.ts';
import { allPages, commandsOf, declared, pages } from './pages.ts';

const { configuration, rules, decisions } = pages;

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const isMissing = (path: string): boolean => !existsSync(join(ROOT, path));

/** Of a mini program, not of this repository. */
const THEIRS = new Set(['project.config.json', 'config.json']);

describe('files', () => {
  it.each(allPages)('the links of $path lead somewhere', ({ path, links }) => {
    const local = links.filter((link) => !link.startsWith('https://'));
    expect(local.filter((link) => isMissing(join(dirname(path), link.replace(/#.*/, ''))))).toEqual([]);
  });

  it.each(allPages)('the files that $path names exist', ({ codes }) => {
    const ours = /^(functions|scripts|test|docs|examples|\.ci)\/[\w./-]+$|^[\w.-]+\.(json|md|ts)$/;
    const named = codes.map(({ text }) => text).filter((text) => ours.test(text));
    expect(named.filter((name) => !THEIRS.has(name) && isMissing(name))).toEqual([]);
  });

  it('the index of the decisions has each of them, in their order', () => {
    const names = decisions.map(({ path }) => path.replace('docs/decisions/', ''));
    expect(pages.decisionIndex.links).toEqual(names);
  });

  it('the decisions are numbered without a gap, each with context, decision and consequence', () => {
    for (const [index, { path, headings }] of decisions.entries()) {
      expect(path).toMatch(new RegExp(`/${String(index + 1).padStart(4, '0')}-`));
      const [title, ...parts] = headings.map((heading) => heading.title);
      expect(title).toMatch(new RegExp(`^${index + 1}\\. `));
      expect(parts).toEqual(['Context', 'Decision', 'Consequence']);
    }
  });
});

it('every rule that a comment names is in docs/rules.md', () => {
  const sources = ['functions', 'scripts', 'test'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => read(join(folder, name))),
  );
  const used = sources.flatMap((text) => text.match(/\bR[1-9]\b/g) ?? []);
  const told = rules.headings.flatMap(({ title }) => /^R\d/.exec(title) ?? []);
  expect(told).toEqual(['R1', 'R2', 'R3', 'R4', 'R5', 'R6', 'R7', 'R8', 'R9']);
  expect(told).toEqual(expect.arrayContaining([...new Set(used)]));
});

describe('scripts', () => {
  const named = allPages.flatMap((page) =>
    [...page.codes.map(({ text }) => text), ...commandsOf(page)].flatMap((text) => {
      const script = /^npm run (?:-s )?([\w-]+)/.exec(text)?.[1];
      return script === undefined ? [] : [{ path: page.path, script }];
    }),
  );

  it('each that a document names is there', () => {
    expect(named.filter(({ script }) => !Object.hasOwn(readScripts(), script))).toEqual([]);
  });

  it('the README names some, and its twin the same', () => {
    const namedIn = (page: string): string[] =>
      named.filter(({ path }) => path === page).map(({ script }) => script);
    expect(namedIn('README.md')).toContain('deploy');
    expect(namedIn('README.zh-CN.md')).toEqual(namedIn('README.md'));
  });
});

describe('variables', () => {
  const rows = configuration.tables[0]?.rows ?? [];
  const table = rows.map(([name = '', meaning = '', value = '']) => ({
    name: name.replaceAll('`', ''),
    isUnread: meaning.includes('**not read yet**'),
    default: value.replaceAll('`', ''),
  }));
  const names = table.map(({ name }) => name);

  it('the table has the variables of both functions', () => {
    for (const { envVariables } of declared())
      expect(names.toSorted()).toEqual(Object.keys(envVariables).toSorted());
  });

  it('the defaults of the table are those of the code', () => {
    const given = { WX_APPID: 'wx1', WX_APPSECRET: 's' };
    const defaults = Object.fromEntries(table.map((row) => [row.name, row.default]));
    expect(readConfig({ ...defaults, ...given })).toEqual(readConfig(given));
  });

  it('the table says "not read yet" of exactly those that the code doesn’t read', () => {
    const code = ['config', 'apps'].map((name) => read(`functions/_shared/runtime/${name}.ts`)).join();
    const unread = names.filter((name) => !code.includes(`'${name}'`));
    expect(table.filter(({ isUnread }) => isUnread).map(({ name }) => name)).toEqual(unread);
  });

  it('.env.example has them and those of a deployment, all without a value', () => {
    const example = parse(read('.env.example'));
    const deployment = [
      'FUNCTION_PREFIX',
      'TCB_ENV_ID',
      'TCB_REGION',
      'TENCENTCLOUD_SECRETID',
      'TENCENTCLOUD_SECRETKEY',
    ];
    expect(Object.keys(example).toSorted()).toEqual([...names, ...deployment].toSorted());
    expect(Object.values(example).filter(Boolean)).toEqual([]);
  });
});
