/** mint.ts and ask.ts together: what a mint asks, of whom, how often and for how long. */

import { describe, expect, it } from 'vitest';
import { answered, lost, notSent, refused, runMint, SECRET, START_MS, token } from './mint-harness.ts';

describe('the request', () => {
  it('of the classic endpoint is a GET that encodes what it carries', async () => {
    const { asked } = await runMint([token()], { secret: 'a&b=c+d%' });
    expect(asked[0]).toMatchObject({ body: null, timeoutMs: 5_000 });
    const { pathname, searchParams } = new URL(asked[0]!.url);
    expect(pathname).toBe('/cgi-bin/token');
    expect(Object.fromEntries(searchParams)).toEqual({
      grant_type: 'client_credential',
      appid: 'wxAPP',
      secret: 'a&b=c+d%',
    });
  });

  it('of the stable endpoint carries the secret in its body, and forces nothing unless told to', async () => {
    const { asked } = await runMint([token()], { api: 'stable', baseUrls: ['https://a.example/wx'] });
    expect(asked[0]?.url).toBe('https://a.example/wx/cgi-bin/stable_token');
    expect(JSON.parse(asked[0]?.body ?? '')).toEqual({
      grant_type: 'client_credential',
      appid: 'wxAPP',
      secret: SECRET,
      force_refresh: false,
    });
    const { asked: forced } = await runMint([token()], { api: 'stable', isForced: true });
    expect(JSON.parse(forced[0]?.body ?? '')).toMatchObject({ force_refresh: true });
  });
});

describe('a token', () => {
  it('lives from the moment that it was asked for, not from when it came', async () => {
    const { outcome } = await runMint([{ ...token('110_x', 345), tookMs: 1_900 }], { api: 'stable' });
    expect(outcome).toEqual({
      kind: 'minted',
      token: { value: '110_x', api: 'stable', mintedAtMs: START_MS, expiresAtMs: START_MS + 345_000 },
    });
  });

  it('from the second host lives from when the second host was asked', async () => {
    const { outcome } = await runMint([{ ...notSent, tookMs: 2_000 }, token()]);
    expect(outcome).toMatchObject({ kind: 'minted', token: { mintedAtMs: START_MS + 2_000 } });
  });
});

describe('the hosts', () => {
  it('are tried in order for as long as none is reached', async () => {
    const { outcome, hosts } = await runMint([notSent, notSent]);
    expect(hosts).toEqual(['a', 'b']);
    expect(outcome).toMatchObject({ kind: 'refused', failure: { owner: 'transient', errcode: 503 } });
  });

  it.each([
    ['a lost answer', lost],
    ['a 502', answered('', 502)],
    ['an unreadable answer', answered('<html>')],
  ])('after the first are not asked after %s in token mode: it may have minted', async (_what, result) => {
    const { outcome, hosts } = await runMint([result, token()]);
    expect(hosts).toEqual(['a']);
    expect(outcome).toMatchObject({ kind: 'unknown', failure: { owner: 'transient', errcode: 503 } });
  });

  it('are asked in turn after a lost answer in stable mode: the same token comes again', async () => {
    const { outcome, hosts } = await runMint([{ ...lost, tookMs: 60_000 }, token()], { api: 'stable' });
    expect(hosts).toEqual(['a', 'b']);
    expect(outcome.kind).toBe('minted');
  });

  it('after the first are not asked after a lost answer to a forced mint: each one kills a token', async () => {
    const { outcome, hosts } = await runMint([lost, token()], { api: 'stable', isForced: true });
    expect(hosts).toEqual(['a']);
    expect(outcome.kind).toBe('unknown');
  });

  it.each(['token', 'stable'] as const)('are not gone through to escape a refusal (%s)', async (api) => {
    const { outcome, hosts } = await runMint([refused(40125), token()], { api });
    expect(hosts).toEqual(['a']);
    expect(outcome).toMatchObject({ kind: 'refused', failure: { owner: 'configuration', errcode: 40125 } });
  });
});

describe('a busy WeChat', () => {
  it('is asked twice more, after growing pauses, and then left alone', async () => {
    const { outcome, asked } = await runMint(Array.from({ length: 9 }, () => refused(-1)));
    expect(asked.map(({ atMs }) => atMs - START_MS)).toEqual([0, 300, 900]);
    expect(outcome).toMatchObject({ kind: 'refused', failure: { owner: 'transient', errcode: -1 } });
  });

  it('may still answer the last try', async () => {
    const { outcome } = await runMint([refused(-1), refused(-1), token()]);
    expect(outcome.kind).toBe('minted');
  });

  it('is not asked again when too little time is left for an answer, and what it said is told', async () => {
    const slow = { ...refused(-1), tookMs: 4_800 };
    const { outcome, asked } = await runMint([{ ...notSent, tookMs: 2_000 }, slow, token(), token()]);
    expect(asked).toHaveLength(2);
    expect(outcome).toMatchObject({ kind: 'refused', failure: { errcode: -1 } });
  });
});
