/** getticket at the outside door, asked with tokens that are none of ours: what that may cost, and that it costs nobody else. */

import { expect, it } from 'vitest';
import { createGivenTokens } from '../../functions/accessTokenHttp/given-tokens.ts';
import { createRateLimit } from '../../functions/accessTokenHttp/rate-limit.ts';
import { refuse } from '../../functions/accessTokenHttp/refusal.ts';
import { answerTicket } from '../../functions/accessTokenHttp/ticket.ts';
import type { Runtime } from '../../functions/_shared/runtime/runtime.ts';
import { APPID } from '../support/harness.ts';
import { createTicketHarness, SECOND_MS, valueOf } from './harness.ts';

it('are refused unseen from the 601st in a minute on, while the token that is ours opens its ticket', async () => {
  const harness = createTicketHarness();
  const { tokens, ticket } = harness.instance();
  const token = valueOf(await harness.tokens.get(tokens));
  const runtime = {
    apps: new Map([[APPID, tokens]]),
    tickets: { apps: new Map([[`${APPID}:jsapi`, ticket]]), readAhead: null },
    config: { tickets: [{ appid: APPID, type: 'jsapi' }] },
  } as unknown as Runtime;
  const rate = createRateLimit(harness.timeline.now);
  const lines: number[] = [];
  const ask = async (access_token: string): Promise<number> => {
    const http = {
      method: 'GET',
      path: '/cgi-bin/ticket/getticket',
      query: { access_token, type: 'jsapi' },
      body: '',
    };
    const deny = (errcode: Parameters<typeof refuse>[0]) => {
      lines.push(errcode);
      return refuse(errcode, 'r');
    };
    const answer = answerTicket(http, runtime, 'r', createGivenTokens(), () => rate.admit('unknown'), deny);
    return (JSON.parse((await harness.timeline.settle(answer)).body) as { errcode: number }).errcode;
  };
  for (let asked = 0; asked < 600; asked += 1) expect(await ask(`other-${asked}`)).toBe(40001);
  const reads = harness.tokens.collection.calls.reads;
  expect(await ask('one-more')).toBe(45011);
  expect(lines).toHaveLength(600);
  expect(harness.tokens.collection.calls.reads).toBe(reads);
  expect(await ask(token)).toBe(0);
  expect(harness.tokens.mints()).toBe(1);
  await harness.advance(61 * SECOND_MS);
  expect(await ask('after-a-minute')).toBe(40001);
});
