/** Rewrites the commands that a text names, for an installed package or for the embedded cloud. Runs in the browser, too. */

const CALL = /(?:npm run|npx cloudbase-access-token) (?<name>[a-z][a-z-]*)(?<dashes> --(?= ))?/g;
/** They look at a CloudBase environment unless a flag leads them to the embedded cloud. */
const TWO_PLACES = new Set(['refresh', 'status', 'deploy', 'doctor']);

/** `npm run refresh -- --leaked` becomes `npx cloudbase-access-token refresh --local --leaked`, or a half of that. */
export function respellFor(isInstalled: boolean, text: string, localFlags = ''): string {
  return text.replaceAll(CALL, (_, name: string, dashes = '') => {
    const flags = localFlags !== '' && TWO_PLACES.has(name) ? ` ${localFlags}` : '';
    if (isInstalled) return `npx cloudbase-access-token ${name}${flags}`;
    return `npm run ${name}${flags === '' ? dashes : ` --${flags}`}`;
  });
}
