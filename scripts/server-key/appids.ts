/** Which apps a new server is for. */

/** `configured`: the apps that this machine knows of, maybe none. Throws one readable line. */
export function chooseAppids(flag: string | undefined, configured: readonly string[]): string[] {
  const named = [...new Set((flag ?? '').split(',').map((appid) => appid.trim()))].filter(Boolean);
  const [only] = configured;
  if (named.length === 0 && configured.length === 1 && only !== undefined) return [only];
  if (named.length === 0) {
    const which = configured.length === 0 ? '' : `: one of ${configured.join(', ')}, or several with commas`;
    throw new Error(`--appid is needed${which}`);
  }
  const odd = named.find((appid) => !/^[\x21-\x7e]{1,128}$/.test(appid));
  if (odd !== undefined) throw new Error(`"${odd}" is no AppID: copy it from https://mp.weixin.qq.com`);
  const unknown = named.find((appid) => configured.length > 0 && !configured.includes(appid));
  if (unknown !== undefined)
    throw new Error(`${unknown} is not among the configured apps: ${configured.join(', ')}`);
  return named;
}
