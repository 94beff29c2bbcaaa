/**
 * Every command of the table refuses what it doesn't know before it does anything: a new command is tried by itself.
 * All mistakes are made in one guarded process, and one of each kind in a process of its own.
 */

import { execFile } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type * as Cli from '../../scripts/cli.ts';
import type { Command } from '../../scripts/command/definition.ts';

import { argumentsFor, bundledCommands, commandEnv } from '../support/command.ts';
import { ROOT } from '../support/root.ts';
import { shareProcess } from '../support/shared-process.ts';

interface Run {
  code: number;
  out: string;
  err: string;
  /** What the guard saw it begin. */
  begun: boolean;
}

const folder = freshClone();

/** With all that a command needs to reach out, so that nothing but the flags can stop it. */
const ready = {
  HOME: folder,
  TCB_ENV_ID: 'env-1',
  TENCENTCLOUD_SECRETID: 'nobody',
  TENCENTCLOUD_SECRETKEY: 'nothing',
  WX_APPID: 'wxtabletest0000001',
  WX_APPSECRET: 'a-secret-of-nobody',
};

function freshClone(): string {
  const clone = mkdtempSync(join(tmpdir(), 'table-'));
  const bundle = join('dist/commands', basename(bundledCommands()));
  const configs = ['cloudbaserc.json', 'cloudbaserc.outside.json', 'package.json', 'package-lock.json'];
  for (const part of ['functions', 'scripts', bundle, ...configs])
    cpSync(join(ROOT, part), join(clone, part), { recursive: true, preserveTimestamps: true });
  symlinkSync(join(ROOT, 'node_modules'), join(clone, 'node_modules'));
  writeFileSync(join(clone, '.env.local'), '# nothing\n');
  mkdirSync(join(clone, '.local'));
  return clone;
}

const guardFile = join(mkdtempSync(join(tmpdir(), 'guard-')), 'begun');
const guard = ['--require', join(ROOT, 'test/command/guard.cjs')];
const guarded = { ...commandEnv(ready), GUARD_FILE: guardFile };
const share = shareProcess({ folder, env: guarded, execArgv: guard });

async function runGuarded(
  command: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<Run> {
  rmSync(guardFile, { force: true });
  const { code, out, err } = await share(command, args, env);
  return { code: code!, out, err, begun: existsSync(guardFile) };
}

function runAlone(
  command: string,
  args: readonly string[],
  env: Record<string, string> = {},
  clone = folder,
): Promise<Run> {
  const [name = '', ...words] = command.split(' ');
  rmSync(guardFile, { force: true });
  const line = [...guard, ...argumentsFor(name, [...words, ...args], clone)];
  const options = { cwd: tmpdir(), env: { ...guarded, ...env } };
  return new Promise((resolve) => {
    execFile(process.execPath, line, options, (error, out, err) =>
      resolve({ code: error === null ? 0 : Number(error.code), out, err, begun: existsSync(guardFile) }),
    );
  });
}

/** Every file but those of node_modules, with size and time of change. */
function snapshot(below = folder): string[] {
  return readdirSync(below).flatMap((name) => {
    const path = join(below, name);
    // It is a link, and thousands of files lie behind it.
    if (name === 'node_modules') return [];
    const stats = statSync(path);
    return [`${path} ${stats.size} ${stats.mtimeMs}`].concat(stats.isDirectory() ? snapshot(path) : []);
  });
}

const untouched = snapshot();

interface Refusal {
  how: string;
  args: string[];
  env?: Record<string, string>;
  /** What the line must name. */
  names: RegExp;
}

const kindOf = ({ how }: Refusal): string => how.replaceAll(/--\S+/g, '…');

/** All that can be wrong on the command line of this command. */
function refusalsOf({ flags, words = [] }: Command): Refusal[] {
  const given = words.map(() => 'x');
  const one = (how: string, args: string[], names: RegExp, env?: Record<string, string>): Refusal => ({
    how,
    args: [...given, ...args],
    names,
    ...(env ? { env } : {}),
  });
  const entries = Object.entries(flags);
  const [setting] = entries.find(([, { type }]) => type === 'string') ?? [];
  const [toggle] = entries.find(([, { type }]) => type === 'boolean') ?? [];
  // npm has settings of these names.
  const swallowed = entries.map(([name]) => name).find((name) => !['json', 'yes'].includes(name));
  const refusals = [
    one('an unknown flag', ['--zzyzx'], /^✗ unknown flag --zzyzx \(/),
    one('an unknown short flag', ['-z'], /^✗ unknown flag -z \(/),
    one('a stray word', ['zzyzx'], /^✗ "zzyzx" belongs to no flag/),
  ];
  for (const [name] of entries)
    refusals.push(
      one(
        `--${name} misspelt`,
        [`--${misspelt(name)}`],
        new RegExp(`^✗ unknown flag --\\S+: did you mean --${name}\\?`),
      ),
    );
  if (toggle !== undefined)
    refusals.push(
      one('a value for a switch', [`--${toggle}=no`], new RegExp(`^✗ --${toggle} takes no value`)),
    );
  if (setting !== undefined) {
    refusals.push(
      one('a flag without its value', [`--${setting}`], new RegExp(`^✗ --${setting} needs a value`)),
      one('an empty value', [`--${setting}=`], new RegExp(`^✗ --${setting} needs a value`)),
      one('a flag twice', [`--${setting}=a`, `--${setting}=b`], new RegExp(`^✗ --${setting} is given twice`)),
    );
  }
  if (swallowed !== undefined) {
    const kept = (text: string) => ({ [`npm_config_${text.replaceAll('-', '_')}`]: 'true' });
    const line = new RegExp(`^✗ npm kept --\\S+ for itself: write npm .*-- .*--${swallowed}`);
    refusals.push(
      one('a flag that npm swallowed', [], line, kept(swallowed)),
      one('a misspelt flag that npm swallowed', [], line, kept(`${swallowed}x`)),
    );
  }
  for (const [name, { requires, excludes, type }] of entries) {
    const flag = (text: string, kind: string) => (kind === 'boolean' ? `--${text}` : `--${text}=x`);
    const own = flag(name, type);
    if (requires !== undefined)
      refusals.push(
        one(`--${name} without --${requires}`, [own], new RegExp(`^✗ --${name} needs --${requires}`)),
      );
    if (excludes !== undefined)
      refusals.push(
        one(
          `--${name} with --${excludes}`,
          [own, flag(excludes, flags[excludes]!.type)],
          new RegExp(`^✗ --${name} and --${excludes} exclude each other`),
        ),
      );
  }
  if (words.some((word) => !word.startsWith('[')))
    refusals.push({ how: 'a word too few', args: [], names: /^✗ NAME is missing: npm run / });
  return refusals;
}

/** Two letters changed places, or in a short name one is doubled. */
function misspelt(name: string): string {
  return `${name.slice(0, -1)}${name.at(-1)}${name.at(-1)}`;
}

// Out of the bundle: it is what runs, and loads in a moment.
const { importBuilt } = createRequire(import.meta.url)('./native.cjs') as {
  importBuilt(file: string): Promise<typeof Cli>;
};
const { COMMANDS } = await importBuilt(join(bundledCommands(), 'cli.js'));
const loaded = await Promise.all(
  Object.entries(COMMANDS).map(async ([name, { load }]) => [name, await load()] as const),
);
const commands = loaded.flatMap(([name, command]): [string, Command][] =>
  'commands' in command
    ? Object.entries(command.commands).map(([word, one]) => [`${name} ${word}`, one])
    : [[name, command]],
);

/** What a refusal is: one line, which names the mistake, the code that the command promises, and nothing begun. */
async function expectRefused(run: typeof runGuarded, name: string, command: Command, refusal: Refusal) {
  const { how, args, env, names } = refusal;
  const { code, out, err, begun } = await run(name, args, env);
  expect(`${how}: ${err}`).toMatch(new RegExp(names.source.replace('^', `^${how}: `)));
  const lines = err.trimEnd().split('\n').length;
  const promised = command.failsWith ?? 1;
  expect({ how, out, lines, code, begun }).toEqual({ how, out: '', lines: 1, code: promised, begun: false });
}

/** What is called the same in every language: commands, flags and names. */
const CALLS = /npm (?:start|run [a-z-]+)(?: --(?= ))?|--\S+|"[^"]*"/g;
/** Beside Chinese no English phrase: names of things are single words. */
const CHINESE_LINE = /^(?!.*\b[a-z]{2,} [a-z]{2,} [a-z]{2,}).*\p{Script=Han}/u;

describe.each(commands)('npm run %s', (name, command) => {
  it('refuses each mistake with one line of its own, and has begun and changed nothing', async () => {
    for (const refusal of refusalsOf(command)) await expectRefused(runGuarded, name, command, refusal);
    expect(snapshot()).toEqual(untouched);
  });

  it('refuses each mistake in Chinese, too', async () => {
    for (const { how, args, env } of refusalsOf(command)) {
      // It wins over everything: programs read English.
      if (args.includes('--json')) continue;
      const { code, err } = await runGuarded(name, args, { ...env, LC_ALL: 'zh_CN.UTF-8' });
      const told = [how, code, err.trimEnd().replaceAll(CALLS, '')];
      expect(told).toEqual([how, command.failsWith ?? 1, expect.stringMatching(CHINESE_LINE)]);
    }
  });

  it('tells its flags in Chinese, each of them', async () => {
    const { out } = await runGuarded(name, ['--help', '--lang=zh']);
    const [usage, description, ...flags] = out.split('\n').filter((line) => line !== '' && line !== '参数');
    expect(usage).toMatch(/^用法 npm /);
    expect(flags).toHaveLength(Object.keys(command.flags).length + 1);
    for (const line of [description!, ...flags.map((flag) => flag.replace(/^ +--\S+/, ''))])
      expect(line.replaceAll(CALLS, '')).toMatch(CHINESE_LINE);
  });

  it('tells its flags with --help, and begins nothing', async () => {
    const { code, out, err, begun } = await runGuarded(name, ['--help', '--zzyzx']);
    expect({ code, err, begun }).toEqual({ code: 0, err: '', begun: false });
    for (const flag of Object.keys(command.flags)) expect(out).toContain(`--${flag}`);
  });
});

describe('in a process of its own', () => {
  const all = commands.flatMap(([name, command]) =>
    refusalsOf(command).map((refusal) => ({ kind: kindOf(refusal), name, command, refusal })),
  );
  const kinds = [...new Map(all.map((one) => [one.kind, one])).values()];

  it.each(kinds)('npm run $name refuses $kind', async ({ name, command, refusal }) => {
    await expectRefused(runAlone, name, command, refusal);
    expect(snapshot()).toEqual(untouched);
  });
});

describe('the entry', () => {
  it('is what package.json calls for each command of the table', () => {
    const manifest = readFileSync(join(ROOT, 'package.json'), 'utf8');
    const { scripts } = JSON.parse(manifest) as { scripts: object };
    for (const name of Object.keys(COMMANDS))
      // `--` keeps Node.js from taking --env-file for its own, also behind the script: nodejs/node#54232.
      expect(scripts).toHaveProperty(name, `node ${name === 'start' ? '-- ' : ''}scripts/run.cjs ${name}`);
  });

  it.each(['help', '--help'])('lists all commands with %s', async (word) => {
    const { code, out } = await runGuarded(word, []);
    expect(code).toBe(0);
    for (const [name, { description }] of Object.entries(COMMANDS))
      expect(out).toMatch(new RegExp(`^ +${name} +${description.en.replaceAll(/[^\w\s]/g, '.')}$`, 'm'));
  });

  it('lists all commands in Chinese', async () => {
    const { out } = await runGuarded('help', ['--lang', 'zh']);
    const lines = out.split('\n').filter((line) => line !== '');
    expect(lines).toHaveLength(Object.keys(COMMANDS).length + 2);
    for (const line of lines) expect(line).toMatch(/\p{Script=Han}/u);
    expect((await runGuarded('help', ['status'], { LC_ALL: 'zh_CN.UTF-8' })).out).toMatch(
      /^用法 npm run status/,
    );
  });

  it.each(['dploy', 'server-key ad', 'server-key', 'help deploy now', 'help --zzyzx'])(
    'refuses %s in Chinese, too',
    async (line) => {
      const { code, err } = await runGuarded(line, [], { LC_ALL: 'zh_CN.UTF-8' });
      expect({ code, err }).toEqual({ code: 1, err: expect.stringMatching(/^✗ .*\p{Script=Han}/u) });
    },
  );

  it('lists all commands without a name', async () => {
    const list = await runGuarded('help', []);
    const bare = await new Promise<string>((resolve) =>
      execFile(process.execPath, [join(folder, 'scripts/run.cjs')], (_, out) => resolve(out)),
    );
    expect(bare).toBe(list.out);
  });

  it.each([
    ['dploy', '✗ there is no command "dploy": did you mean deploy? (npm run help lists all)'],
    ['server-keys', '✗ there is no command "server-keys": did you mean server-key? (npm run help lists all)'],
    ['zzyzx', '✗ there is no command "zzyzx" (npm run help lists all)'],
    ['server-key ad', '✗ server-key has no "ad": did you mean add?; it has add, list, revoke'],
    ['server-key', '✗ server-key needs a word that says what to do: add, list, revoke'],
    ['help deploy now', '✗ help takes one name: npm run help -- deploy'],
  ])('refuses %s', async (line, words) => {
    const { code, out, err, begun } = await runGuarded(line, []);
    expect({ code, out, err, begun }).toEqual({ code: 1, out: '', err: `${words}\n`, begun: false });
  });

  it.each([
    ['deploy', ['--dryrun'], '✗ unknown flag --dryrun: did you mean --dry-run?'],
    ['deploy', ['--sandbox'], '✗ --sandbox needs --local'],
    ['destroy', ['--yes', '--dry-rn'], '✗ unknown flag --dry-rn: did you mean --dry-run?'],
    ['destroy', ['--yes', '--data=x'], '✗ --data needs --local'],
    ['status', ['--watch', '--json'], '✗ --watch and --json exclude each other'],
  ])('refuses %s %j, which once did something else', async (name, args, words) => {
    const { code, err, begun } = await runGuarded(name, args);
    expect({ code, begun }).toEqual({ code: name === 'status' ? 2 : 1, begun: false });
    expect(err.slice(0, words.length)).toBe(words);
  });

  it('runs the sources as they are, also when a change leaves their size', async () => {
    const clone = freshClone();
    const listed = () => runAlone('help', [], {}, clone);
    expect((await listed()).out).toContain('bundles every function');
    const file = join(clone, 'scripts/developer-commands.ts');
    writeFileSync(
      file,
      readFileSync(file, 'utf8').replace('bundles every function', 'BUNDLES every function'),
    );
    expect((await listed()).out).toContain('BUNDLES every function');
  });

  it('would have reached out in these tests, had the flags been right', async () => {
    for (const run of [runGuarded, runAlone]) {
      const { begun } = await run('status', []);
      expect(begun).toBe(true);
    }
  });
});
