/** The log: what is not listed cannot leak, and no line grows without bound. */

import { describe, expect, it } from 'vitest';
import { createLog } from '../../functions/_shared/runtime/log.ts';

type Fields = Parameters<ReturnType<typeof createLog>>[1];

function lineOf(event: string, fields: Fields): string {
  const lines: string[] = [];
  createLog('refreshAccessToken', (line) => lines.push(line))(event, fields);
  expect(lines).toHaveLength(1);
  return lines[0] ?? '';
}

const read = (event: string, fields: Fields): unknown => JSON.parse(lineOf(event, fields));

describe('a log line', () => {
  it('is JSON that says what happened, in which function, and how it went', () => {
    expect(read('token_minted', { appid: 'wxA', api: 'token', tookMs: 120 })).toEqual({
      level: 'info',
      event: 'token_minted',
      function: 'refreshAccessToken',
      appid: 'wxA',
      api: 'token',
      tookMs: 120,
    });
  });

  it('drops every field that is not listed', () => {
    const fields = { appid: 'wxA', secret: 'canary', access_token: 'canary', token: 'canary', url: 'canary' };
    expect(lineOf('tick', fields)).not.toContain('canary');
    const toxic = JSON.parse('{"__proto__":"canary","constructor":"canary","level":"canary"}') as Fields;
    expect(lineOf('tick', toxic)).not.toContain('canary');
  });

  it('stays one line, whatever a text brings along', () => {
    const line = lineOf('mint_failed', { errmsg: 'a\nb\r\u2028"c', source: '\u001b[31m' });
    for (const sign of ['\n', '\r', '\u001b']) expect(line).not.toContain(sign);
    expect(JSON.parse(line)).toMatchObject({ errmsg: 'a\nb\r\u2028"c' });
  });

  it('cuts long texts', () => {
    expect(read('mint_failed', { errmsg: 'x'.repeat(9_000) })).toMatchObject({ errmsg: 'x'.repeat(500) });
  });

  it.each([
    'mint_failed',
    'foreign_minter_suspected',
    'document_damaged',
    'claim_lost',
    'store_failed',
    'caller_refused',
    'misconfigured',
    'internal_error',
  ])('about %s is a warning', (event) => {
    expect(read(event, {})).toMatchObject({ level: 'warn', event });
  });
});
