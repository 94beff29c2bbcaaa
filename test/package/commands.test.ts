/**
 * The commands as a user has them who never cloned this repository: packed, unpacked into his project, and called as
 * npx does. Their dependencies are linked: a real install takes minutes, and is npm's business.
 */

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { ROOT } from '../support/root.ts';
import { startTencent } from '../platform/fake/tencent.ts';
import { installCommands, node, npx, type InstalledCommands } from './installed-commands.ts';

let installed: InstalledCommands;
beforeAll(async () => {
  installed = await installCommands();
}, 300_000);

/** Every file with its size and the time of its change. */
function snapshot(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => [name, statSync(join(folder, name))] as const)
    .map(([name, { size, mtimeMs }]) => `${name} ${size} ${mtimeMs}`)
    .toSorted();
}

describe('the package', () => {
  it('is less than 3 MB and brings along only what can’t be bundled', () => {
    const { packed, folder } = installed;
    console.log(
      `npm pack: ${packed.size} bytes, unpacked ${packed.unpackedSize} bytes, ${packed.files.length} files`,
    );
    expect(packed.size).toBeLessThan(3_000_000);
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<
      string,
      unknown
    >;
    const own = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
      version: string;
      devDependencies: Record<string, string>;
    };
    const names = ['@cloudbase/cli', '@cloudbase/manager-node', 'lmdb'];
    expect(manifest).toMatchObject({ version: own.version, sideEffects: true });
    expect(manifest['dependencies']).toEqual(
      Object.fromEntries(names.map((name) => [name, own.devDependencies[name]])),
    );
  });

  it('holds the functions ready, no source, and the licences of what is bundled', () => {
    const names = installed.packed.files.map(({ path }) => path);
    for (const name of [
      'functions/getAccessToken',
      'functions/refreshAccessToken',
      'outside/accessTokenHttp',
    ])
      expect(names).toContain(`dist/${name}/index.js`);
    expect(names.filter((name) => name.endsWith('.ts') && !name.startsWith('dist/modules/'))).toEqual([]);
    const licences = readFileSync(join(installed.folder, 'THIRD_PARTY_LICENSES'), 'utf8');
    for (const name of ['zod', 'mingo', '@clack/prompts', 'jsonc-parser', 'preact'])
      expect(licences).toMatch(new RegExp(`^${name} \\d.*licence: MIT`, 'm'));
  });

  it('names no path of the machine that built it', () => {
    const naming = installed.packed.files.filter(({ path }) =>
      readFileSync(join(installed.folder, path)).includes(ROOT),
    );
    expect(naming).toEqual([]);
  });
});

describe('npx cloudbase-access-token in an empty folder', () => {
  it('starts, deploys locally, looks at what it has done, and writes into one folder of the project', async () => {
    const { project, folder } = installed;
    const before = snapshot(folder);
    const started = await npx(project, 'start --once');
    expect(started).toMatchObject({ code: 0 });
    expect(started.output).toMatch(/✓ askWithNodeSdk: got the token .* WeChat accepted it/);
    const deployed = await npx(project, 'deploy --local --sandbox');
    expect(deployed).toMatchObject({ code: 0 });
    expect(deployed.output).toContain('npx cloudbase-access-token start keeps it running');
    mkdirSync(join(project, '.git'));
    mkdirSync(join(project, 'cloudfunctions/login'), { recursive: true });
    // From within the project, too: its own folder is found.
    const looked = await node(
      [join(project, 'node_modules/cloudbase-access-token/bin.cjs'), 'doctor', '--local', '--sandbox'],
      join(project, 'cloudfunctions/login'),
    );
    expect(looked).toMatchObject({ code: 0 });
    expect(looked.output).toContain('All is well');
    expect(readdirSync(project).toSorted()).toEqual([
      '.cloudbase-access-token',
      '.git',
      'cloudfunctions',
      'node_modules',
    ]);
    expect(readFileSync(join(project, '.cloudbase-access-token/.gitignore'), 'utf8')).toBe('*\n');
    expect(snapshot(folder)).toEqual(before);
  });

  it('knows the commands of users only', async () => {
    const { output } = await npx(installed.project, 'help');
    expect(output).toMatch(/^ {2}deploy /m);
    for (const name of ['build', 'package', 'bench', 'fuzz', 'simulate', 'lock'])
      expect(output).not.toMatch(new RegExp(`^ {2}${name} `, 'm'));
    const { code, output: refusal } = await npx(installed.project, 'bench --quick');
    expect({ code, refusal }).toEqual({
      code: 1,
      refusal: '✗ there is no command "bench" (npx cloudbase-access-token help lists all)\n',
    });
  });
});

it('deploys to the environment that the project’s cloudbaserc.json names', async () => {
  const fake = await startTencent();
  try {
    const { project } = await installCommands();
    const { envId, secretId, secretKey } = fake.state;
    // The CLI takes comments for a mistake; an editor leaves them there all the same.
    writeFileSync(
      join(project, 'cloudbaserc.json'),
      `{ "envId": "${envId}" /* ours */, "region": "ap-shanghai" }`,
    );
    writeFileSync(join(project, '.env.local'), 'WX_APPID=wxpacked\nWX_APPSECRET=a-secret\n');
    writeFileSync(join(project, 'certificate.pem'), fake.certificate);
    const { output } = await npx(project, 'deploy', {
      NODE_EXTRA_CA_CERTS: join(project, 'certificate.pem'),
      https_proxy: fake.proxyUrl,
      TENCENTCLOUD_SECRETID: secretId,
      TENCENTCLOUD_SECRETKEY: secretKey,
    });
    expect(output).toContain(`${envId} in ap-shanghai`);
    // Nobody plays the functions here, so the first refresh fails: all before it is done.
    expect([...fake.state.functions.keys()].toSorted()).toEqual(['getAccessToken', 'refreshAccessToken']);
    expect(fake.refusedHosts).toEqual([]);
  } finally {
    await fake.close();
  }
}, 300_000);

describe('the client’s bin', () => {
  /** Stands in for npm: prints what it is asked for. */
  async function askedOf(prepare: (modules: string) => void): Promise<unknown> {
    const folder = mkdtempSync(join(tmpdir(), 'bin-'));
    const client = join(folder, 'node_modules/cloudbase-access-token');
    mkdirSync(client, { recursive: true });
    for (const name of ['bin.cjs', 'package.json'])
      writeFileSync(
        join(client, name),
        readFileSync(join(installed.project, 'node_modules/cloudbase-access-token', name)),
      );
    prepare(join(folder, 'node_modules'));
    const npm = join(folder, 'npm-cli.js');
    writeFileSync(npm, 'console.log(JSON.stringify(process.argv.slice(2))); process.exitCode = 3;');
    const args = [join(client, 'bin.cjs'), 'status', '--data', 'a b'];
    const { code, output } = await node(args, folder, { npm_execpath: npm });
    expect(code).toBe(3);
    return JSON.parse(output);
  }
  const call = (what: string): string[] => [
    'exec',
    '--yes',
    `--package=${what}`,
    '--',
    'cloudbase-access-token',
    'status',
    '--data',
    'a b',
  ];
  const NAME = 'cloudbase-access-token-commands';

  it('has npm fetch the commands of its own version where others are installed', async () => {
    const asked = await askedOf((modules) => {
      mkdirSync(join(modules, NAME));
      writeFileSync(join(modules, NAME, 'package.json'), '{"version":"0.0.9"}');
    });
    expect(asked).toEqual(call(`${NAME}@0.1.0`));
  });

  it('takes them from the packed file beside its own', async () => {
    let file = '';
    const asked = await askedOf((modules) => {
      file = join(modules, `../${NAME}-0.1.0.tgz`);
      writeFileSync(file, '');
      const resolved = 'file:cloudbase-access-token-0.1.0.tgz';
      const lock = { packages: { 'node_modules/cloudbase-access-token': { resolved } } };
      writeFileSync(join(modules, '.package-lock.json'), JSON.stringify(lock));
    });
    expect(asked).toEqual(call(file));
  });

  it('asks no registry for what came from a packed file, even where the other file is gone', async () => {
    const asked = await askedOf((modules) => {
      const lock = {
        packages: { 'node_modules/cloudbase-access-token': { resolved: 'file:a/client.tgz' } },
      };
      writeFileSync(join(modules, '.package-lock.json'), JSON.stringify(lock));
    });
    expect(String(asked)).toMatch(/--package=\S.*\/a\/cloudbase-access-token-commands-0\.1\.0\.tgz,/);
  });

  it('takes a registry’s address for no file', async () => {
    const asked = await askedOf((modules) => {
      const resolved = 'https://registry.npmjs.org/cloudbase-access-token/-/cloudbase-access-token-0.1.0.tgz';
      const lock = { packages: { 'node_modules/cloudbase-access-token': { resolved } } };
      writeFileSync(join(modules, '.package-lock.json'), JSON.stringify(lock));
    });
    expect(asked).toEqual(call(`${NAME}@0.1.0`));
  });
});
