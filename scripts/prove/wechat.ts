/** What WeChat's documents don't say and docs/reliability.md assumes: nine mints, and none but for a question. */

import type { Assumption } from './assumption.ts';
import { NotTried } from './not-tried.ts';

export interface ProveWeChat {
  /** A new token of the classic endpoint. */
  mint(): Promise<string>;
  stable(): Promise<{ token: string; lifeMs: number }>;
  /** Asks the classic endpoint with a wrong secret: the errcode. */
  askWrongly(): Promise<number>;
  isAlive(token: string): Promise<boolean>;
  /** `why`: is shown where it takes real time. */
  wait(durationMs: number, why: string): Promise<void>;
}

const MINUTE_MS = 60_000;
/** What rests on them is a minute less, so a few seconds say nothing. */
const MARGIN_MS = 10_000;
const GRACE_MS = 5 * MINUTE_MS;

/** In this order: the waits come last. */
export function wechatAssumptions(wechat: ProveWeChat): readonly Assumption[] {
  return [refused(wechat), apart(wechat), twoGenerations(wechat), stableRepeats(wechat)];
}

function refused({ mint, askWrongly, isAlive }: ProveWeChat): Assumption {
  return {
    id: 'wechat-refused',
    assumption: 'a request that WeChat refuses issues no token',
    reliedOnFor: 'R3: after a refusal the stored token is as good as before',
    ifNot: 'a refused refresh ends the stored token after five minutes: report it',
    async observe() {
      const before = await mint();
      const current = await mint();
      const errcode = await askWrongly();
      // Had it issued one, the token before the current one would be dead at once.
      const alive = await told({ before, current }, isAlive);
      return { holds: errcode !== 0 && alive.all, seen: `errcode ${errcode}; afterwards ${alive.text}` };
    },
  };
}

function apart({ mint, stable, isAlive }: ProveWeChat): Assumption {
  return {
    id: 'wechat-apart',
    assumption: 'tokens of the classic and of the stable endpoint do not end each other',
    reliedOnFor: 'another system that uses the other endpoint does no harm',
    ifNot: 'all systems of an AppID must use one endpoint, and take the token from here: report it',
    async observe() {
      const { token } = await stable();
      // Two, because one alone would leave the token before it alive for five minutes.
      await mint();
      const classic = await mint();
      const alive = await told({ stable: token, classic }, isAlive);
      return { holds: alive.all && token !== classic, seen: alive.text };
    },
  };
}

function twoGenerations({ mint, isAlive, wait }: ProveWeChat): Assumption {
  return {
    id: 'wechat-two-generations',
    assumption: 'a new token leaves the one before it alive for 300 s, and ends the one before that at once',
    reliedOnFor: 'R3: 240 s of assured life after a mint that may have happened, and no second mint within',
    ifNot: 'callers may hold a dead token after a refresh: do not deploy, and report what was seen',
    async observe() {
      const first = await mint();
      const second = await mint();
      await mint();
      const isFirstEnded = !(await isAlive(first));
      const atOnce = await isAlive(second);
      await wait(GRACE_MS - MARGIN_MS, 'whether a token lives on for five minutes beside a newer one');
      const toTheEnd = await isAlive(second);
      const seen = [
        `the first of three ${isFirstEnded ? 'ended' : 'lived on'}`,
        `the second ${atOnce ? 'lived' : 'was dead'}, and ${toTheEnd ? 'lived' : 'was dead'} after 290 s`,
      ];
      return { holds: isFirstEnded && atOnce && toTheEnd, seen: seen.join('; ') };
    },
  };
}

function stableRepeats({ stable, wait }: ProveWeChat): Assumption {
  return {
    id: 'wechat-stable-repeats',
    assumption: 'the stable endpoint answers the same token until 300 s before its end, and then another',
    reliedOnFor:
      'R1 and R5 in stable mode: a refresh with 300 s left brings a new token, and none before does',
    ifNot: 'in stable mode tokens are replaced too late or too often: use WX_TOKEN_API=token, and report it',
    async observe() {
      const { token, lifeMs } = await stable();
      const why = 'whether stable repeats its token until 300 s before the end';
      await wait(Math.max(0, lifeMs - GRACE_MS - MARGIN_MS), why);
      const early = await stable();
      if (early.token === token && early.lifeMs < GRACE_MS) throw new NotTried('it was asked too late');
      await wait(2 * MARGIN_MS, why);
      const late = await stable();
      const isRepeated = early.token === token;
      const isReplaced = late.token !== early.token;
      const seconds = (ms: number): string => `${Math.round(ms / 1000)} s`;
      return {
        holds: isRepeated && isReplaced,
        seen: `with ${seconds(early.lifeMs)} left ${isRepeated ? 'the same' : 'another'}; 20 s later ${isReplaced ? 'another' : 'the same'}`,
      };
    },
  };
}

async function told(
  tokens: Record<string, string>,
  isAlive: ProveWeChat['isAlive'],
): Promise<{ all: boolean; text: string }> {
  const looked: [string, boolean][] = [];
  for (const [name, token] of Object.entries(tokens)) looked.push([name, await isAlive(token)]);
  return {
    all: looked.every(([, alive]) => alive),
    text: looked.map(([name, alive]) => `${name} ${alive ? 'alive' : 'dead'}`).join(', '),
  };
}
