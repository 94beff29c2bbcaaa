/** Which apps a new server is for. */

import { pick } from '../command/language.ts';

/** `configured`: the apps that this machine knows of, maybe none. Throws one readable line. */
export function chooseAppids(flag: string | undefined, configured: readonly string[]): string[] {
  const named = [...new Set((flag ?? '').split(',').map((appid) => appid.trim()))].filter(Boolean);
  const [only] = configured;
  if (named.length === 0 && configured.length === 1 && only !== undefined) return [only];
  if (named.length === 0) {
    const which =
      configured.length === 0
        ? ''
        : pick({
            en: `: one of ${configured.join(', ')}, or several with commas`,
            zh: `：${configured.join('、')}，多个用逗号分隔`,
          });
    throw new Error(pick({ en: `--appid is needed${which}`, zh: `需要用 --appid 指定应用${which}` }));
  }
  const odd = named.find((appid) => !/^[\x21-\x7e]{1,128}$/.test(appid));
  if (odd !== undefined)
    throw new Error(
      pick({
        en: `"${odd}" is no AppID: copy it from https://mp.weixin.qq.com`,
        zh: `"${odd}" 不是 AppID：请从 https://mp.weixin.qq.com 复制`,
      }),
    );
  const unknown = named.find((appid) => configured.length > 0 && !configured.includes(appid));
  if (unknown !== undefined)
    throw new Error(
      pick({
        en: `${unknown} is not among the configured apps: ${configured.join(', ')}`,
        zh: `${unknown} 没有配置，已配置的有：${configured.join('、')}`,
      }),
    );
  return named;
}
