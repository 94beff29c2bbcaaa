/** What a failed mint says: WeChat's own words with no secret in them, whose business it is, and what to do. */

import { describe, expect, it } from 'vitest';
import { answered, lost, notSent, refused, runMint, SECRET } from './mint-harness.ts';
import type { Scripted } from './mint-harness.ts';

async function failureOf(result: Scripted, secret = SECRET) {
  const { outcome } = await runMint([result], { secret, baseUrls: ['https://a.example'] });
  return outcome.kind === 'minted' ? undefined : outcome.failure;
}

describe("WeChat's own text", () => {
  it('is passed on with its IP and its rid, and followed by advice', async () => {
    const errmsg =
      'invalid ip 8.149.0.108 ipv6 ::ffff:8.149.0.108, not in whitelist rid: 69dfb1ed-7ed689cc-28c3c5a7';
    const failure = await failureOf(refused(40164, errmsg));
    expect(failure).toMatchObject({
      errcode: 40164,
      owner: 'configuration',
      rid: '69dfb1ed-7ed689cc-28c3c5a7',
    });
    expect(failure?.errmsg).toBe(errmsg);
    expect(failure?.advice).toMatch(/^add this IP to the whitelist/);
  });

  it('keeps the time that WeChat names, where it names one', async () => {
    expect(await failureOf(refused(45011))).toMatchObject({ owner: 'transient', retryAfterMs: 60_000 });
    expect(await failureOf(refused(40125))).not.toHaveProperty('retryAfterMs');
  });

  it('of a code that nobody knows is passed on too', async () => {
    expect(await failureOf(refused(47_777, 'brand new'))).toMatchObject({
      owner: 'configuration',
      errcode: 47_777,
      errmsg: 'brand new',
      advice: expect.stringMatching(/^this code is new/),
    });
  });

  it('of any length is cut', async () => {
    expect((await failureOf(refused(40125, 'x '.repeat(30_000))))?.errmsg.length).toBeLessThan(600);
  });
});

describe('a secret that WeChat quotes', () => {
  const PRINTABLE = 'a/b+c=&%d!"\'()*~e';

  it.each([
    ['as it is', SECRET, SECRET],
    ['as it is, with signs', PRINTABLE, PRINTABLE],
    ['as it stood in the query', PRINTABLE, new URLSearchParams({ s: PRINTABLE }).toString().slice(2)],
    ['encoded as a component', PRINTABLE, encodeURIComponent(PRINTABLE)],
  ])('%s is masked wherever it stands', async (_how, secret, quoted) => {
    const failure = await failureOf(refused(40125, `invalid appsecret ${quoted}, secret=${quoted}!`), secret);
    expect(failure?.errmsg).toMatch(/^invalid appsecret \*\*\*, secret=\*\*\*!$/);
  });

  it('a token that it quotes is masked, its rid is not', async () => {
    const token = `110_${'aB3-'.repeat(30)}`;
    const rid = '6746a1b2-1234abcd-5678ef90';
    const failure = await failureOf(refused(40001, `bad ${token} rid: ${rid}`));
    expect(failure?.errmsg).toContain(`bad *** rid: ${rid}`);
  });

  it('is masked before the text is cut: no beginning of it stays behind', async () => {
    for (let before = 270; before < 300; before++) {
      const words = 'x '.repeat(before).slice(0, before);
      const failure = await failureOf(refused(40125, `${words}${SECRET}`));
      expect(failure?.errmsg).not.toContain(SECRET.slice(0, 4));
    }
  });

  it('never shows in what is said of an answer that cannot be read, or of none', async () => {
    const results = [answered(`<html>${SECRET}`), answered(SECRET, 500), answered(`{"a":"${SECRET}"}`), lost];
    for (const result of [...results, notSent]) {
      const failure = await failureOf(result);
      expect(failure?.errmsg).toMatch(/it is tried again by itself$/);
      expect(failure?.errmsg).not.toContain(SECRET);
    }
  });
});

describe('the network', () => {
  it('is named by its code', async () => {
    expect((await failureOf(lost))?.errmsg).toContain('WeChat did not answer (ECONNRESET)');
    expect((await failureOf(notSent))?.errmsg).toContain('WeChat could not be reached (ECONNREFUSED)');
  });
});
