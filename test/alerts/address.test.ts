/** ALERT_WEBHOOK_URL: what is taken, and that a bad one stops nothing. */

import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../functions/_shared/runtime/config.ts';
import type { Config } from '../../functions/_shared/runtime/config.ts';

function configOf(address: string | undefined): Config {
  const result = readConfig({ WX_APPID: 'wxA', WX_APPSECRET: 's', ALERT_WEBHOOK_URL: address });
  if (!result.ok) throw new Error(result.problems.join());
  return result.config;
}

describe('the address of the webhook', () => {
  it.each([
    'https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=canary',
    'http://127.0.0.1:8080/send?key=canary',
    'http://localhost/canary',
    'http://[::1]:1/canary',
  ])('may be %s, and is shown to nobody', (address) => {
    const config = configOf(` ${address}\n`);
    expect(config.alertWebhookUrl).toBe(address);
    expect(config.warnings).toEqual([]);
    expect(`${inspect(config)}${JSON.stringify(config)}${JSON.stringify({ ...config })}`).not.toContain(
      'canary',
    );
  });

  it.each([undefined, '', '  '])('may be left out (%j)', (address) => {
    expect(configOf(address)).toMatchObject({ alertWebhookUrl: null, warnings: [] });
  });

  it.each([
    'http://qyapi.weixin.qq.com/canary',
    'https://user:canary@example.com/',
    'http://127.0.0.1.example.com/canary',
    'ftp://example.com/canary',
    'canary',
    'https://a.example/canary,https://b.example/canary b',
    `https://example.com/${'canary'.repeat(200)}`,
  ])('%s is ignored with a warning, and tokens come as before', (address) => {
    const config = configOf(address);
    const isOne = config.alertWebhookUrl === null;
    expect([isOne, config.warnings.length]).toEqual([true, 1]);
    expect(config.warnings.join()).toContain('ALERT_WEBHOOK_URL');
    expect(config.warnings.join()).not.toContain('canary');
  });
});
