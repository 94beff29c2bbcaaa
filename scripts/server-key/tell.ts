/** What the commands print. */

import { pick, type Text } from '../command/language.ts';
import { callOf } from '../command/call.ts';
import type { TickSource } from '../../functions/_shared/runtime/config.ts';
import type { ServerDocument } from '../../functions/accessTokenHttp/server-document.ts';
import { columns } from '../command/columns.ts';
import { ago } from '../command/words.ts';
import { OUTSIDE } from '../build/outside.ts';

/** `doorUrl`: where the embedded cloud has its door; null for a real environment. */
export function tellAdded(
  name: string,
  appids: readonly string[],
  key: string,
  doorUrl: string | null,
): string {
  return [
    pick({
      en: `✓ server ${name} for ${appids.join(', ')}. ${shownOnce(key)}`,
      zh: `✓ 服务器 ${name}，可获取 ${appids.join('、')} 的 token。${shownOnce(key)}`,
    }),
    pick({
      en: 'An SDK takes it in place of the AppSecret; docs/recipes.md has the settings.',
      zh: '在 SDK 里用它代替 AppSecret；配置方法见 docs/recipes.zh-CN.md。',
    }),
    ...whereIs(doorUrl),
  ].join('\n');
}

/** As `tellAdded`, for a key that gets no token. */
export function tellTicker(name: string, key: string, doorUrl: string | null, ticks: TickSource): string {
  return [
    pick({
      en: `✓ server ${name}, which may tick and gets no token. ${shownOnce(key)}`,
      zh: `✓ 服务器 ${name}，可以触发刷新，不能获取 token。${shownOnce(key)}`,
    }),
    pick({
      en: 'POST it as {"secret": "…"} to the door’s address with /tick behind it, every 5 minutes; docs/operations.md has recipes.',
      zh: '每 5 分钟向“外部入口地址/tick”POST 一次 {"secret": "…"}；做法见 docs/operations.zh-CN.md。',
    }),
    ...(ticks === 'outside' ? [] : [pick(BESIDE[ticks])]),
    ...whereIs(doorUrl),
  ].join('\n');
}

const MEANT = 'TICKS=outside in .env.local or the environment says that they are meant to come from outside';
const BESIDE: Record<'timer' | 'readers', Text> = {
  timer: {
    en: `These ticks come beside those of the timer. ${MEANT}, and takes the timer away.`,
    zh: '定时器仍会触发。如果只由外部触发，请在 .env.local 或环境变量里设置 TICKS=outside，定时器就会去掉。',
  },
  readers: {
    en: `Nobody will miss such a tick (TICKS=readers). ${MEANT}.`,
    zh: '现在的设置（TICKS=readers）下，这种触发停了也不会有告警。如果要由外部触发，请在 .env.local 或环境变量里设置 TICKS=outside。',
  },
};

function shownOnce(key: string): string {
  return pick({
    en: `Its key, shown this once (only its hash is stored):\n\n    ${key}\n`,
    zh: `密钥只显示这一次（库里只存它的哈希值）：\n\n    ${key}\n`,
  });
}

function whereIs(doorUrl: string | null): string[] {
  if (doorUrl === null)
    return [
      pick({
        en: `Next: ${callOf('deploy')}. It puts the door up where there is none yet, and tells its address.`,
        zh: `下一步：${callOf('deploy')}。还没有外部入口时会创建，并显示地址。`,
      }),
    ];
  return [
    pick({
      en: `The door of the embedded cloud, while ${callOf('start')} runs: ${doorUrl}/http/${OUTSIDE}`,
      zh: `本地模拟云环境的外部入口，在 ${callOf('start')} 运行时可用：${doorUrl}/http/${OUTSIDE}`,
    }),
    pick({
      en: `It also asks for the header "Authorization: Bearer …" that ${callOf('start')} prints.`,
      zh: `还要带上请求头 "Authorization: Bearer …"，${callOf('start')} 会显示它。`,
    }),
  ];
}

/** `left`: how many keys are in force now; `flags`: those that lead to the same place. The embedded cloud keeps its door. */
export function tellRevoked(name: string, left: number, flags: string): string {
  const rest = pick({
    en: left === 0 ? 'No server is left' : `${left} left with a key in force`,
    zh: left === 0 ? '没有服务器了' : `还有 ${left} 台服务器的密钥有效`,
  });
  const next =
    left === 0 && flags === ''
      ? pick({
          en: `: ${callOf('deploy')} takes the door down`,
          zh: `：执行 ${callOf('deploy')} 会撤下外部入口`,
        })
      : '';
  const kill = callOf('refresh', flags, '--leaked');
  return pick({
    en: [
      `✓ the key of ${name} opens nothing any more, from the next call on. ${rest}${next}.`,
      `A token that it has got lives on to its end: ${kill} kills it.`,
    ],
    zh: [
      `✓ ${name} 的密钥从下一次调用起失效。${rest}${next}。`,
      `它已经获取的 token 到期之前仍然有效：执行 ${kill} 使它立即作废。`,
    ],
  }).join('\n');
}

export function tellList(servers: readonly ServerDocument[], nowMs: number): string {
  if (servers.length === 0)
    return pick({
      en: `No server: ${callOf('server-key', 'add NAME --appid APPID')} makes one.`,
      zh: `没有服务器：用 ${callOf('server-key', 'add NAME --appid APPID')} 添加。`,
    });
  const rows = servers.map(({ name, appids, mayTick, createdAtMs, revokedAtMs }) => [
    name,
    mayTick === true ? pick({ en: 'ticks', zh: '仅触发' }) : appids.join(','),
    pick({ en: `added ${ago(createdAtMs, nowMs)}`, zh: `${ago(createdAtMs, nowMs)}添加` }),
    revokedAtMs === null
      ? pick({ en: 'in force', zh: '有效' })
      : pick({ en: `revoked ${ago(revokedAtMs, nowMs)}`, zh: `${ago(revokedAtMs, nowMs)}撤销` }),
  ]);
  return columns(rows).join('\n');
}
