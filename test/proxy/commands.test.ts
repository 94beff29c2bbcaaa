/** A machine that only a proxy leads out of: what the commands send, and what the proxy learns of it. */

import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startProxy, type HostRequest, type Proxy } from '../platform/fake/proxy.ts';
import { commandEnv, type Run } from '../support/command.ts';
import { shareProcess } from '../support/shared-process.ts';

/** A name that leads nowhere: should a command go past the proxy, it reaches nobody. */
const WECHAT = 'https://wechat.invalid';
const SECRET = 'c0ffee0123456789abcdef0123456789';
const APP = { WX_APPID: 'wxproxy00000000001', WX_APPSECRET: SECRET };
const LEADING = { WX_API_BASE_URLS: WECHAT, WX_API_BASE_URL: WECHAT };
const TOKEN = `canary-proxy-token-${'t'.repeat(80)}`;

interface World {
  proxy: Proxy;
  /** What WeChat was asked, behind the proxy. */
  asked: string[];
  folder: string;
  run(command: string, flags: string[], env?: Record<string, string>): Promise<Run>;
}

const share = shareProcess({ env: commandEnv({ HOME: tmpdir(), TCB_ENV_ID: 'env-1', ...APP, ...LEADING }) });

async function world(): Promise<World> {
  const asked: string[] = [];
  const proxy = await startProxy({
    hosts: ['wechat.invalid'],
    answer: (request) => {
      asked.push(`${request.method} ${request.url.split('?')[0]}`);
      return { status: 200, body: JSON.stringify(answer(request)) };
    },
  });
  onTestFinished(() => proxy.close());
  const folder = mkdtempSync(join(tmpdir(), 'proxy-test-'));
  const certificate = join(folder, 'certificate.pem');
  writeFileSync(certificate, proxy.certificate);
  const { port } = new URL(proxy.url);
  const HTTPS_PROXY = `http://user:canary-password@127.0.0.1:${port}`;
  const own = { NODE_EXTRA_CA_CERTS: certificate, HTTPS_PROXY };
  return {
    proxy,
    asked,
    folder,
    run: (command, flags, env = {}) => share(command, flags, { ...own, ...env }),
  };
}

function answer({ url }: HostRequest): object {
  if (url.startsWith('/cgi-bin/get_api_domain_ip')) return { ip_list: ['192.0.2.1'] };
  return { access_token: TOKEN, expires_in: 7200 };
}

const CONNECT = /^wechat\.invalid:443 \{"host":"wechat\.invalid:443","proxy-authorization":"Basic /;

function expectNoSecret(told: readonly string[]): void {
  for (const line of told) {
    expect(line).toMatch(CONNECT);
    expect(line).not.toMatch(/canary|c0ffee|cgi-bin/);
  }
}

describe('with a proxy in the variables', () => {
  it('the local functions reach WeChat through it, by axios and by fetch', async () => {
    const { proxy, asked, folder, run } = await world();
    const { code, output } = await run('start', ['--once', '--data', join(folder, 'data')]);
    expect(output).toMatch(/✓ askWithNodeSdk: got the token/);
    expect(code).toBe(0);
    expect(asked).toEqual(['GET /cgi-bin/token', 'GET /cgi-bin/get_api_domain_ip']);
    expect(proxy.told).toHaveLength(2);
    expectNoSecret(proxy.told);
    expect(proxy.refused).toEqual([]);
    expect(output).not.toMatch(/canary|c0ffee/);
  });

  it('setup asks WeChat through it', async () => {
    const { proxy, asked, folder, run } = await world();
    const file = join(folder, '.env.local');
    const flags = ['--mode', 'token', '--encryption', 'off', '--base-url', WECHAT, '--file', file];
    const { code, output } = await run('setup', flags);
    expect(output).toContain('✓ WeChat accepts AppID and AppSecret');
    expect(code).toBe(0);
    expect(readFileSync(file, 'utf8')).toContain(APP.WX_APPID);
    expect(asked).toEqual(['POST /cgi-bin/stable_token']);
    expect(proxy.told).toHaveLength(1);
    expectNoSecret(proxy.told);
  });

  it('setup goes past it to this machine itself', async () => {
    const { proxy, folder, run } = await world();
    const flags = ['--file', join(folder, '.env.local'), '--base-url', 'https://127.0.0.1:9'];
    expect((await run('setup', flags)).output).toMatch(/WeChat could not be reached/);
    expect(proxy.told).toEqual([]);
  });

  it.each(['start', 'setup'])('%s refuses one that is no address, without showing it', async (command) => {
    const { folder, run } = await world();
    const flags =
      command === 'start'
        ? ['--once', '--data', folder]
        : ['--file', join(folder, '.env.local'), '--base-url', WECHAT];
    const { code, output } = await run(command, flags, { https_proxy: 'http://user:canary-password@p:x' });
    expect(code).toBe(1);
    expect(output).toMatch(/✗ https_proxy is not the address of a proxy/);
    expect(output).not.toMatch(/canary|c0ffee/);
  });

  it('setup says so where it refuses', async () => {
    const { folder, run } = await world();
    const closed = { HTTPS_PROXY: 'http://127.0.0.1:9' };
    const { code, output } = await run(
      'setup',
      ['--file', join(folder, '.env.local'), '--base-url', WECHAT],
      closed,
    );
    expect(code).toBe(1);
    expect(output).toMatch(/WeChat could not be reached .* https_proxy/);
  });
});
