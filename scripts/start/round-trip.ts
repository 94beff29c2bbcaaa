/** The main job once, before the user's eyes: timer → WeChat → database → another function; and a client refused. */

import { respell } from '../command/call.ts';
import { pick } from '../command/language.ts';
import { COLLECTION, type Cloud } from '../local/cloud.ts';
import { appsIn, type Variables } from '../local/variables.ts';
import { GUEST } from './prepare.ts';
import { masked, shownToken } from '../command/words.ts';
import { minutes } from '../place/texts/replies.ts';
import { tellStep, tellTick } from './screen.ts';

type Outcome = Awaited<ReturnType<Cloud['host']['invoke']>>;

/** False when any step did not do what it should. */
export async function showRoundTrip(
  cloud: Cloud,
  variables: Variables,
  onTick: (outcome: Outcome) => void,
): Promise<boolean> {
  const isRefreshed = await showTick(cloud, onTick);
  const appids = appsIn(variables).map(({ appid }) => appid);
  const isStored = showStored(cloud, appids);
  const isServed = await showCaller(cloud, appids[0]);
  const isGuarded = await showClient(cloud);
  return isRefreshed && isStored && isServed && isGuarded;
}

async function showTick({ host, clock }: Cloud, onTick: (outcome: Outcome) => void): Promise<boolean> {
  const name = 'refreshAccessToken';
  const outcome = await host.invoke({
    name,
    event: { Type: 'Timer' },
    caller: { kind: 'timer', variety: 'native' },
  });
  onTick(outcome);
  return tellTick(name, outcome, clock.now());
}

/** Of these apps only: a folder may hold documents of an earlier start. */
function showStored({ database }: Cloud, appids: readonly string[]): boolean {
  const documents = database.collection(COLLECTION).find({ query: { _id: { $in: appids } } });
  const stored = documents.flatMap((document) => {
    const token = (document['token'] as { value?: unknown } | null)?.value;
    if (token === undefined || token === null) return [];
    // With TOKEN_ENCRYPTION_KEYS the value is an object that nobody can read without the key.
    return [
      `${String(document['_id'])}${pick({ en: ': ', zh: '：' })}token ${typeof token === 'string' ? shownToken(masked(token)) : pick({ en: 'sealed', zh: '已加密' })}`,
    ];
  });
  const text =
    stored.length > 0
      ? pick({
          en: `${COLLECTION} holds ${stored.join(', ')}`,
          zh: `${COLLECTION} 中有 ${stored.join('、')}`,
        })
      : pick({ en: `${COLLECTION} holds no token`, zh: `${COLLECTION} 中没有 token` });
  return tellStep(stored.length > 0, pick({ en: 'database', zh: '数据库' }), text);
}

/** A client calls the user's function, which asks getAccessToken and then WeChat: the whole way of every day. */
async function showCaller({ host }: Cloud, appid: string | undefined): Promise<boolean> {
  const outcome = await host.invoke({
    name: GUEST,
    event: { appid },
    caller: { kind: 'client', openid: 'oLocalVisitor' },
  });
  if ('failure' in outcome) return tellStep(false, GUEST, respell(outcome.failure.message));
  const { errcode, errmsg, expires_in: expiresIn } = outcome.result as Record<string, unknown>;
  if (errcode !== 0) return tellStep(false, GUEST, `${String(errcode)} ${respell(String(errmsg))}`);
  return tellStep(
    true,
    GUEST,
    pick({
      en: `got the token from getAccessToken (good for ${minutes(expiresIn)}), and WeChat accepted it`,
      zh: `从 getAccessToken 获取到 token（可用 ${minutes(expiresIn)}），微信接受了它`,
    }),
  );
}

async function showClient({ host }: Cloud): Promise<boolean> {
  const caller = { kind: 'client', openid: 'oLocalVisitor' } as const;
  const outcome = await host.invoke({ name: 'getAccessToken', event: {}, caller });
  const { errcode } = ('result' in outcome ? outcome.result : {}) as { errcode?: unknown };
  return tellStep(
    errcode === 403,
    pick({ en: 'client', zh: '小程序端' }),
    pick({
      en: `a mini program that asks getAccessToken itself gets ${String(errcode)}`,
      zh: `直接调用 getAccessToken，返回 ${String(errcode)}`,
    }),
  );
}
