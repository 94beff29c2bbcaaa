/** What the function that refreshes replies about an app, in every language. */

import type { TickReply } from '../../../functions/refreshAccessToken/reply.ts';
import { pick } from '../../command/language.ts';

type Actions = Record<TickReply['action'], string>;

export const ACTIONS: Record<'en' | 'zh', Actions> = {
  en: { refreshed: 'refreshed', fresh: 'fresh', busy: 'busy', failed: 'failed' },
  zh: { refreshed: '已刷新', fresh: '无需刷新', busy: '其他实例正在获取', failed: '失败' },
};

/** Both in seconds. */
export function lifeIn(expiresIn: unknown, refreshIn: unknown): string {
  return pick({
    en: `life left ${minutes(expiresIn)}, next refresh in ${minutes(refreshIn)}`,
    zh: `剩余 ${minutes(expiresIn)}，${minutes(refreshIn)}后刷新`,
  });
}

/** An older function may leave it out. */
export function minutes(seconds: unknown): string {
  if (typeof seconds !== 'number') return pick({ en: 'an unknown time', zh: '未知时长' });
  const count = Math.floor(seconds / 60);
  return pick({ en: `${count} min`, zh: `${count} 分钟` });
}
