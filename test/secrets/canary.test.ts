/**
 * Unique values for every secret, every path that handles them, and a search of everything that comes out (R8): log
 * lines, answers, thrown errors, crashes, the database, what the HTTP servers say.
 */

import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../functions/_shared/runtime/config.ts';
import type { FaultPlan } from '../../scripts/local/wechat/faults.ts';
import { APPID, bearer, NOON_MS, openTestCloud, type TestCloud } from '../support/cloud.ts';
import { lend } from '../support/lend.ts';

const MINUTE_MS = 60_000;
const CANARY = {
  secret: `canarysecret${randomBytes(10).toString('hex')}`,
  key: randomBytes(32).toString('base64'),
};

/** All that was said while one path was walked. */
interface Heard {
  lines: string[];
  answers: unknown[];
  /** Tokens that were issued: they may stand in an answer of getAccessToken and nowhere else. */
  tokens: Set<string>;
  /** Of this cloud alone: its door's and its gateway's. */
  secrets: string[];
  documents: unknown[];
}

type Walk = (cloud: TestCloud, heard: Heard) => Promise<void>;

const borrow = lend(openOverheard);

/** What is said in it is kept from one path to the next, with the tokens of all of them: a line may come late. */
async function openOverheard(variables: Record<string, string> = {}) {
  const lines: string[] = [];
  const cloud = await openTestCloud({
    startAtMs: NOON_MS,
    variables: {
      WX_APPID: APPID,
      WX_APPSECRET: CANARY.secret,
      TOKEN_ENCRYPTION_KEYS: CANARY.key,
      ...variables,
    },
    host: { maxInstances: 2, log: (line) => void lines.push(line) },
    sandboxApps: [{ appid: APPID, secret: CANARY.secret }],
  });
  return { ...cloud, lines, tokens: new Set<string>() };
}

async function walk(steps: Walk, variables?: Record<string, string>): Promise<Heard> {
  const cloud = await borrow(variables);
  const { lines, tokens } = cloud;
  const secrets = [cloud.secret, ...Object.values(cloud.identity.credentials)];
  const heard: Heard = { lines, answers: [], tokens, secrets, documents: [] };
  await steps(cloud, heard);
  for (const { value } of cloud.sandbox.wechat.living(cloud.clock.now())) heard.tokens.add(value);
  // The token is there in clear where nothing encrypts it, and nowhere else in the document.
  const isClear = variables?.['TOKEN_ENCRYPTION_KEYS'] === '';
  heard.documents.push({ ...cloud.stored(), ...(isClear ? { token: null } : {}) });
  return heard;
}

/** Settles a call and keeps what came of it; a token served in the proper place is taken out of the answer. */
async function hear(heard: Heard, call: Promise<unknown>): Promise<void> {
  const outcome: unknown = await call.catch((error: unknown) =>
    inspect(error, { depth: 9, showHidden: true }),
  );
  const served = (outcome as { access_token?: unknown } | null)?.access_token;
  if (typeof served === 'string') heard.tokens.add(served);
  heard.answers.push(
    typeof served === 'string' ? { ...(outcome as object), access_token: 'served' } : outcome,
  );
}

function expectSilence({ lines, answers, tokens, secrets, documents }: Heard): void {
  expect(answers.length).toBeGreaterThan(0);
  const output = `${lines.join('\n')}\n${JSON.stringify(answers)}\n${JSON.stringify(documents)}`;
  for (const [name, value] of Object.entries(CANARY)) {
    for (const form of [value, encodeURIComponent(value)]) expect(output.includes(form) && name).toBe(false);
  }
  for (const secret of [...tokens, ...secrets]) expect(output.includes(secret)).toBe(false);
}

const everyone: Walk = async (cloud, heard) => {
  await hear(heard, cloud.refresh());
  await hear(heard, cloud.get());
  await hear(heard, cloud.get({}, { kind: 'client', openid: 'o1' }));
  await hear(heard, cloud.get({ appid: CANARY.secret }));
  await hear(heard, cloud.get({ appid: 7 }));
  await hear(heard, cloud.visit('askWithNodeSdk'));
  await hear(heard, cloud.visit('askWithWxServerSdk'));
};

const withFault =
  (plan: FaultPlan): Walk =>
  async (cloud, heard) => {
    cloud.sandbox.faults.add(plan);
    await hear(heard, cloud.refresh());
    await hear(heard, cloud.get());
    cloud.clock.advance(110 * MINUTE_MS);
    await hear(heard, cloud.refresh());
  };

/** An answer that quotes the request back, as debugging proxies do. */
const ECHO = `{"errcode":40125,"errmsg":"invalid appsecret ${CANARY.secret} in appid=x&secret=${CANARY.secret}"}`;

const PATHS: [string, Walk, Record<string, string>?][] = [
  ['ordinary days', everyone],
  ['ordinary days in stable mode', everyone, { WX_TOKEN_API: 'stable' }],
  ['ordinary days without encryption', everyone, { TOKEN_ENCRYPTION_KEYS: '' }],
  ['a refusal that quotes the secret', withFault({ fault: { do: 'reply', body: ECHO }, times: 9 })],
  [
    'a page that quotes the secret',
    withFault({ fault: { do: 'reply', body: `<p>${CANARY.secret}</p>`, status: 502 }, times: 9 }),
  ],
  ['a dropped connection', withFault({ fault: { do: 'drop' }, times: 9 })],
  ['an answer lost after issuing', withFault({ fault: { do: 'drop' }, stage: 'after', times: 9 })],
  ['an unreachable WeChat', everyone, { WX_API_BASE_URLS: 'http://127.0.0.1:9' }],
  ['malformed variables', everyone, { WX_REFRESH_MINUTES: CANARY.secret, MINT_LIMIT_PER_DAY: CANARY.key }],
  [
    'a failing database',
    async (cloud, heard) => {
      await hear(heard, cloud.get());
      for (const mode of ['http-500', 'drop', 'not-json'] as const) {
        const release = cloud.gateway.faults.outage(mode);
        cloud.clock.advance(MINUTE_MS);
        await hear(heard, cloud.refresh());
        await hear(heard, cloud.get({ invalid_access_token: 'x' }));
        release();
      }
    },
  ],
  [
    'a report of a revoked token',
    async (cloud, heard) => {
      const { access_token: dead = '' } = await cloud.get();
      heard.tokens.add(dead);
      cloud.clock.advance(MINUTE_MS);
      cloud.sandbox.wechat.account(APPID).revoke(cloud.clock.now());
      await hear(heard, cloud.get({ invalid_access_token: dead }));
      await hear(heard, cloud.get({ invalid_access_token: dead, appid: dead }));
    },
  ],
];

describe('secrets stay put', () => {
  it.each(PATHS)('on %s', async (_, steps, variables) => {
    expectSilence(await walk(steps, variables));
  });

  it('in everything that the loopback servers answer to a stranger', async () => {
    const heard: Heard = { lines: [], answers: [], tokens: new Set(), secrets: [], documents: [] };
    const cloud = await borrow({ TOKEN_ENCRYPTION_KEYS: '' });
    heard.secrets.push(cloud.secret, ...Object.values(cloud.identity.credentials));
    await cloud.get();
    heard.tokens.add(cloud.storedToken()!);
    const urls = [
      `${cloud.door.url}/`,
      `${cloud.door.url}/call/x`,
      `${cloud.sandbox.url}/__sandbox/state`,
      cloud.gateway.url,
    ];
    for (const headers of [{}, bearer(cloud.secret)])
      for (const url of urls) heard.answers.push(await (await fetch(url, { headers })).text());
    heard.answers.push(
      await (
        await fetch(`${cloud.door.url}/call/getAccessToken`, {
          method: 'POST',
          headers: bearer(cloud.secret),
        })
      ).text(),
    );
    expectSilence(heard);
  });

  it('in a configuration that somebody prints', () => {
    const env = { WX_APPID: APPID, WX_APPSECRET: CANARY.secret, TOKEN_ENCRYPTION_KEYS: CANARY.key };
    const result = readConfig(env);
    if (!result.ok) throw new Error(result.problems.join());
    const printed = `${inspect(result, { depth: 9 })}${JSON.stringify(result)}${JSON.stringify({ ...result.config.apps[0] })}`;
    expect(printed).toContain(APPID);
    expect(printed).not.toContain(CANARY.secret);
    expect(printed).not.toContain(CANARY.key);
    expect(inspect(result, { depth: 9 })).not.toContain(inspect(Buffer.from(CANARY.key, 'base64')));
  });
});
