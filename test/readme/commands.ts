/** What a test does with each command of the documents. One that is not listed here is an error, not a gap. */

import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { readConfig } from '../../functions/_shared/runtime/config.ts';
import { COMMANDS } from '../../scripts/cli.ts';
import { parse } from '../../scripts/command/parse.ts';
import { readSettings } from '../../scripts/local/settings.ts';
import { installCommands, npx } from '../package/installed-commands.ts';
import { openTestCloud, ROOT } from '../support/cloud.ts';
import { lend } from '../support/lend.ts';

interface Plan {
  /** Ends the test's title. */
  how: string;
  check(command: string): Promise<void>;
}

const PLANS: [RegExp, Plan][] = [
  [
    /^npm start -- --once$/,
    {
      how: 'is run by test/start/start.test.ts',
      check: isIn('test/start/start.test.ts', "'start', '--silent', '--'", "'--once'"),
    },
  ],
  [
    /^npx cloudbase-access-token start --once$/,
    {
      how: 'is run by test/package/commands.test.ts',
      check: isIn('test/package/commands.test.ts', "npx(project, 'start --once')"),
    },
  ],
  [
    /^npx cloudbase-access-token add /,
    { how: 'runs, as the package is installed in a project', check: runsInstalled },
  ],
  [
    /^npx cloudbase-access-token /,
    { how: 'is a command with these flags (needs an account)', check: isParsed },
  ],
  [/^npm run build$/, { how: 'runs', check: runs }],
  [/^cp \.env\.example \.env\.local$/, { how: 'runs, in a scratch folder', check: copiesExample }],
  [/^node -p "/, { how: 'runs, and the functions take its key', check: makesKey }],
  [/^curl /, { how: 'is sent to an embedded cloud', check: isAnswered }],
  [/(^|&& |' )npx vitest run /, { how: 'names what exists (a suite can’t run itself)', check: namesTests }],
  [/^npm run format$/, { how: 'is a script (it would change the sources)', check: namesScripts }],
  [
    /^npm publish --dry-run /,
    {
      how: 'is run by test/package/release.test.ts',
      check: isIn('test/package/release.test.ts', "'publish', '--dry-run'"),
    },
  ],
  [/^npm /, { how: 'is what package.json and CI have (can’t run inside a test)', check: namesScripts }],
  [/^npx tcb /, { how: 'is a command of the pinned CLI (needs an account)', check: hasCli }],
  [/^git /, { how: 'is left to whoever releases', check: async () => {} }],
];

export function planOf(command: string): Plan {
  const bare = command.replace(/^([A-Z_]+=\S+ )+/, '');
  const plan = PLANS.find(([pattern]) => pattern.test(bare));
  if (plan === undefined) throw new Error(`no test knows what to do with the command: ${command}`);
  return plan[1];
}

/** In a folder with functions of the user's own, as `add` needs it. */
async function runsInstalled(command: string): Promise<void> {
  const { project } = await installCommands();
  mkdirSync(join(project, 'cloudfunctions/login'), { recursive: true });
  writeFileSync(join(project, 'project.config.json'), '{ "cloudfunctionRoot": "cloudfunctions/" }');
  const { code, output } = await npx(project, command.replace('npx cloudbase-access-token ', ''));
  expect({ code, output }).toMatchObject({ code: 0 });
  const isWritten = existsSync(join(project, 'cloudfunctions/getAccessToken/index.js'));
  expect(isWritten).toBe(!command.includes('--dry-run'));
}

async function isParsed(command: string): Promise<void> {
  const [name = '', ...args] = command.split(' ').slice(2);
  const entry = await COMMANDS[name]?.load();
  if (entry === undefined || !('flags' in entry)) throw new Error(`there is no command ${name}`);
  expect(() => parse(name, entry, args, {})).not.toThrow();
}

async function runs(command: string): Promise<void> {
  const [file = '', ...args] = command.split(' ');
  expect(await run(file, args)).toContain('dist/functions/');
}

/** The example as it is configures nothing: `npm start` stays on the sandbox. */
async function copiesExample(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'readme-test-'));
  cpSync(join(ROOT, '.env.example'), join(folder, '.env.local'));
  expect(readSettings(folder, { once: true, sandbox: false, data: 'data' })).toMatchObject({
    isWeChatReal: false,
  });
}

async function makesKey(command: string): Promise<void> {
  const key = await run('sh', ['-c', command]);
  const variables = { WX_APPID: 'wx1', WX_APPSECRET: 's', TOKEN_ENCRYPTION_KEYS: key };
  expect(readConfig(variables)).toMatchObject({ ok: true });
}

/** In a folder of its own, with its data where a developer's are. */
const borrowRunning = lend(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'readme-test-'));
  const cloud = await openTestCloud({ dataFolder: join(folder, '.local/data'), isPublished: true });
  return { ...cloud, folder };
});

/** With the header that the shell makes of it beside the data of a running cloud. */
async function isAnswered(command: string): Promise<void> {
  const [, header = '', path = ''] =
    /^curl -H (".+") -X POST http:\/\/127\.0\.0\.1:18600(\/\S+)$/.exec(command) ?? [];
  const { folder, door } = await borrowRunning();
  const [name = '', value = ''] = (await run('sh', ['-c', `printf %s ${header}`], folder)).split(': ');
  const response = await fetch(door.url + path, { method: 'POST', headers: { [name]: value } });
  const answer = (await response.json()) as { result?: object };
  const errcode = path === '/call/getAccessToken' ? 403 : 0;
  expect(answer.result ?? answer).toMatchObject({ errcode });
}

async function namesTests(command: string): Promise<void> {
  const paths = command.split(' ').filter((word) => word.startsWith('test/'));
  if (command.includes('at.sh')) expect(statSync(join(ROOT, paths[0] ?? '')).mode & 0o111).not.toBe(0);
  expect(paths).not.toEqual([]);
  expect(paths.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  const variable = /^(?!TZ=)([A-Z_]+)=/.exec(command)?.[1];
  const readers = [...paths, 'test/token/model/runs.ts'].filter((path) => path.endsWith('.ts'));
  const texts = readers.map((path) => readFileSync(join(ROOT, path), 'utf8'));
  if (variable !== undefined) expect(texts.join('\n')).toContain(`'${variable}'`);
}

function isIn(file: string, ...texts: string[]): () => Promise<void> {
  return async () => {
    const source = readFileSync(join(ROOT, file), 'utf8');
    for (const text of texts) expect(source).toContain(text);
  };
}

async function namesScripts(command: string): Promise<void> {
  for (const part of command.split(' && ')) {
    const [, first = '', second = ''] = part.split(' ');
    if (first === 'version' || first === 'install') continue;
    if (first === 'ci') expect(readFileSync(join(ROOT, '.ci/run'), 'utf8')).toMatch(/^step npm ci$/m);
    else expect(readScripts()).toHaveProperty(first === 'run' ? second : first);
  }
}

async function hasCli(): Promise<void> {
  const manifest = readFileSync(join(ROOT, 'node_modules/@cloudbase/cli/package.json'), 'utf8');
  expect(JSON.parse(manifest)).toMatchObject({ bin: { tcb: expect.any(String) as string } });
}

export function readScripts(): Record<string, string> {
  const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  return manifest.scripts;
}

function run(file: string, args: string[], cwd = ROOT): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { cwd, env: { ...process.env, NO_COLOR: '1' }, timeout: 60_000 };
    execFile(file, args, options, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Error(`${file} ${args.join(' ')}: ${error.message}\n${stdout}${stderr}`));
    });
  });
}
