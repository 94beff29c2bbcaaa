/** Token lives second by second, each run through the state machine and over HTTP. */

import { describe, expect, it } from 'vitest';
import type { AppOptions } from '../../../scripts/local/wechat/account.ts';
import type { TokenReply } from '../../../scripts/local/wechat/token-endpoints.ts';
import {
  APP,
  callLegacy,
  callStable,
  callWithToken,
  createMachine,
  CREDENTIALS,
  MIDNIGHT_MS,
  runSandbox,
} from './support.ts';

/**
 * Steps `<call>@<second>=<answer>`. Calls: `L` legacy, `S` stable, `SF` stable forced; `L1`, `S2` … use that token,
 * named in order of issue. Answers: `L1,7200` the token and its expires_in, or an errcode.
 */
const VECTORS: [title: string, steps: string, app?: Partial<AppOptions>][] = [
  [
    'a replaced legacy token works for 300 s more, an expired one dies as 42001',
    'L@0=L1,7200 L@6600=L2,7200 L1@6899=0 L1@6900=40001 L2@13799=0 L2@13800=42001',
  ],
  [
    'a third legacy token kills the first at once',
    'L@0=L1,7200 L@1=L2,7200 L1@1=0 L@2=L3,7200 L1@3=40001 L2@3=0 L3@3=0 L2@301=0 L2@302=40001',
  ],
  ['the grace ends with the token’s own life', 'L@0=L1,7200 L@7100=L2,7200 L1@7199=0 L1@7200=40001'],
  [
    'stable_token repeats its token until the last 300 s, then renews it with a grace',
    'S@0=S1,7200 S@10=S1,7190 S@6600=S1,600 S@6900=S1,300 S@6901=S2,7200 S1@7199=0 S1@7200=40001',
  ],
  [
    'a force within 30 s refreshes nothing; a second one after 30 s kills a leaked token',
    'S@0=S1,7200 SF@100=S2,7200 SF@129=S2,7171 SF@130=S3,7200 S1@131=40001 S2@131=0 S3@131=0 S2@429=0 S2@430=40001',
  ],
  [
    'the 21st force of a day is refused',
    `${Array.from({ length: 20 }, (_, i) => `SF@${i * 40}=S${i + 1},7200`).join(' ')} SF@800=45009 SF@86400=S21,7200`,
  ],
  ['legacy calls leave a stable token alone', 'S@0=S1,7200 L@0=L1,7200 L@1=L2,7200 S1@2=0'],
  [
    'the daily legacy quota comes back at Chinese midnight',
    'L@0=L1,7200 L@1=L2,7200 L@2=L3,7200 L@3=45009 L@86399=45009 L@86400=L4,7200',
    { limits: { legacyPerDay: 3 } },
  ],
  [
    'a force that is read literally kills the old token at once',
    'S@0=S1,7200 SF@100=S2,7200 S1@100=40001 S2@100=0',
    { forceKillsImmediately: true },
  ],
];

describe('in process', () => {
  it.each(VECTORS)('%s', async (_title, steps, app = {}) => {
    const wechat = createMachine(app);
    const seen = await play(steps, {
      mint: async (kind, atMs) => {
        if (kind === 'L') return wechat.token(CREDENTIALS, atMs);
        return wechat.stableToken({ ...CREDENTIALS, force_refresh: kind === 'SF' }, atMs);
      },
      use: async (value, atMs) => wechat.useToken(value, atMs).errcode,
    });
    expect(seen).toBe(steps);
  });
});

describe('over HTTP', () => {
  it.each(VECTORS)('%s', async (_title, steps, app = {}) => {
    const { url, clock } = await runSandbox({ apps: [{ ...APP, ...app }] });
    const moveTo = (atMs: number): void => clock.advance(atMs - clock.now());
    const seen = await play(steps, {
      mint: async (kind, atMs) => {
        moveTo(atMs);
        return kind === 'L' ? callLegacy(url) : callStable(url, { force_refresh: kind === 'SF' });
      },
      use: async (value, atMs) => {
        moveTo(atMs);
        return callWithToken(url, value);
      },
    });
    expect(seen).toBe(steps);
  });
});

interface Caller {
  mint(kind: string, atMs: number): Promise<TokenReply>;
  use(value: string, atMs: number): Promise<number>;
}

/** The steps again, with the answers that were really given. */
async function play(steps: string, caller: Caller): Promise<string> {
  const names = new Map<string, string>();
  const issued = { L: 0, S: 0 };
  const seen: string[] = [];
  for (const step of steps.split(' ')) {
    const [, who = '', second = ''] = /^(\w+)@(\d+)=/.exec(step) ?? [];
    const atMs = MIDNIGHT_MS + Number(second) * 1000;
    const [value] = [...names].find(([, name]) => name === who) ?? [];
    const answer =
      value === undefined
        ? describeReply(await caller.mint(who, atMs), who.startsWith('L') ? 'L' : 'S', names, issued)
        : await caller.use(value, atMs);
    seen.push(`${who}@${second}=${answer}`);
  }
  return seen.join(' ');
}

function describeReply(
  reply: TokenReply,
  family: 'L' | 'S',
  names: Map<string, string>,
  issued: { L: number; S: number },
): string {
  if ('errcode' in reply) return String(reply.errcode);
  const name = names.get(reply.access_token) ?? `${family}${++issued[family]}`;
  names.set(reply.access_token, name);
  return `${name},${reply.expires_in}`;
}
