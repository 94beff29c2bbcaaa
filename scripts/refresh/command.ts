/** `npm run refresh`: a new token now, whatever the age of the stored one; `--leaked` kills the stored one at once. */

import pc from 'picocolors';
import { defineCommand, type ExitCode } from '../command/definition.ts';
import { PLACE_FLAGS } from '../place/flags.ts';

export default defineCommand({
  description: {
    en: 'Fetches a new token now. With --leaked twice, which kills the stored token at once (in stable mode 30 s apart, 20 a day). Exit codes: 0 done, 1 not done.',
    zh: '立即获取新的 token。加 --leaked 时获取两次，使已存的 token 立即作废（stable 模式下间隔 30 秒，每天 20 次）。退出码：0 已完成，1 没有完成。',
  },
  flags: {
    appid: {
      type: 'string',
      description: { en: 'which app; not needed when there is one', zh: '哪个应用；只有一个时不用写' },
    },
    leaked: {
      type: 'boolean',
      description: { en: 'the stored token has leaked and must die', zh: '已存的 token 已泄露，必须作废' },
    },
    'minter-gone': {
      type: 'boolean',
      description: {
        en: 'the other system that fetched tokens is stopped: what was seen of it no longer counts',
        zh: '其他获取 token 的系统已停用：之前的迹象不再计入',
      },
    },
    ...PLACE_FLAGS,
  },
  async run({ appid, leaked, 'minter-gone': isMinterGone, ...flags }): Promise<ExitCode> {
    const [{ withPlace }, { requireSupported }, { refreshOne }] = await Promise.all([
      import('../place/open.ts'),
      import('../place/supported.ts'),
      import('./tell.ts'),
    ]);
    return withPlace(flags, async (place) => {
      await requireSupported(place);
      const { reach, values, clock } = place;
      const isDone = await refreshOne({
        reach,
        values,
        appid,
        isLeak: leaked,
        isMinterGone,
        clock,
        out: (isGood, line) =>
          console.log(`${isGood === null ? '…' : isGood ? pc.green('✓') : pc.red('✗')} ${line}`),
      });
      return isDone ? 0 : 1;
    });
  },
});
