/** The built bundles on every Node.js that CloudBase offers: a token is minted, stored, served, reported, refused. */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { NOON_MS, ROOT, startTestCloud } from '../support/cloud.ts';

interface Manifest {
  dependencies: Record<string, string>;
}

const { dependencies } = JSON.parse(
  readFileSync(join(import.meta.dirname, 'package.json'), 'utf8'),
) as Manifest;
const RUNTIMES = Object.entries(dependencies).map(([name, spec]) => ({
  version: `v${spec.replace(/^.*@/, '')}`,
  nodePath: join(import.meta.dirname, 'node_modules', name, 'bin/node'),
}));
const areInstalled = RUNTIMES.every(({ nodePath }) => existsSync(nodePath));
const why = areInstalled ? '' : ' (skipped: run npm ci --prefix test/runtimes, on Linux x64)';

const VERSION = {
  name: 'version',
  directory: join(import.meta.dirname, 'fixtures/version'),
  handler: 'index.main',
  timeout: 3,
  memorySize: 256,
  envVariables: {},
  triggers: [],
};

const guest = (name: string) => ({
  ...VERSION,
  name,
  directory: join(ROOT, 'dist/test-guests', name),
  timeout: 20,
  envVariables: { WX_API_BASE_URL: '{{env.WX_API_BASE_URL}}' },
});

describe.each(RUNTIMES)(`the bundles on Node.js $version${why}`, ({ version, nodePath }) => {
  it.runIf(areInstalled)('mint, store, serve, take a report, refuse a client', async () => {
    const guests = [VERSION, guest('askWithNodeSdk'), guest('askWithWxServerSdk')];
    const cloud = await startTestCloud({ host: { nodePath }, guests, startAtMs: NOON_MS });
    expect(await cloud.visit('version')).toBe(version);

    expect(await cloud.refresh()).toMatchObject({ errcode: 0, results: [{ action: 'refreshed' }] });
    const first = await cloud.get();
    expect(first).toMatchObject({ errcode: 0, access_token: cloud.storedToken() });
    expect(cloud.isAlive(first.access_token)).toBe(true);

    cloud.clock.advance(60_000);
    const second = await cloud.get({ invalid_access_token: first.access_token });
    expect(second).toMatchObject({ errcode: 0, access_token: cloud.storedToken() });
    expect(second.access_token).not.toBe(first.access_token);
    expect(cloud.mints()).toBe(2);

    expect(await cloud.visit('askWithNodeSdk')).toMatchObject({ errcode: 0 });
    expect(await cloud.visit('askWithWxServerSdk')).toMatchObject({ errcode: 0 });
    expect(await cloud.visit('getAccessToken')).toMatchObject({ errcode: 403 });
  });
});
