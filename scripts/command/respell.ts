/** Rewrites the commands that a text names, for an installed package or for the embedded cloud. Runs in the browser, too. */

const CALL =
  /(?:npm run|npx cloudbase-access-token) (?<name>[a-z][a-z-]*)(?<dashes> --(?= ))?|npm start(?<more> --(?= ))?/g;
/** They look at a CloudBase environment unless a flag leads them to the embedded cloud. */
const TWO_PLACES = new Set(['refresh', 'status', 'deploy', 'doctor']);
/** They know no other place: `--local` would be an unknown flag. */
const ONE_PLACE = new Set(['start', 'reset']);

/** `npm run refresh -- --leaked` becomes `npx cloudbase-access-token refresh --local --leaked`, or a half of that. */
export function respellFor(isInstalled: boolean, text: string, localFlags = ''): string {
  return text.replaceAll(CALL, (call: string, ...found: unknown[]) => {
    const [named, dashes = '', more = '', at] = found as [string?, string?, string?, number?];
    const name = named ?? 'start';
    const flags = flagsFor(name, localFlags);
    // A text that comes by here twice keeps what it has.
    if (flags !== '' && text.startsWith(flags, (at ?? 0) + call.length)) return call;
    if (isInstalled) return `npx cloudbase-access-token ${name}${flags}`;
    const script = name === 'start' ? 'npm start' : `npm run ${name}`;
    return `${script}${flags === '' ? dashes || more : ` --${flags}`}`;
  });
}

function flagsFor(name: string, localFlags: string): string {
  const rest = localFlags.replace(/^--local ?/, '');
  const flags = TWO_PLACES.has(name) ? localFlags : ONE_PLACE.has(name) ? rest : '';
  return flags === '' ? '' : ` ${flags}`;
}
