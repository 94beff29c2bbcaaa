/** What somebody who mistyped a name may have meant. */

import { closestMatch } from 'leven';
import { pick } from './language.ts';

/** `: did you mean --dry-run?`, or nothing when no name is near. */
export function suggest(given: string, names: readonly string[], prefix = ''): string {
  const name = nearest(given, names);
  return name === undefined
    ? ''
    : pick({ en: `: did you mean ${prefix}${name}?`, zh: `：是不是 ${prefix}${name}？` });
}

function nearest(given: string, names: readonly string[]): string | undefined {
  const wanted = bare(given);
  if (wanted.length < 2) return undefined;
  const longer = names.filter((name) => bare(name).startsWith(wanted));
  if (longer.length === 1) return longer[0];
  // Half of a short word may be another word.
  const maxDistance = Math.min(3, Math.floor(wanted.length / 2));
  const found = closestMatch(wanted, names.map(bare), { maxDistance });
  return names.find((name) => bare(name) === found);
}

/** Dashes and capitals are what people mistype most. */
export function bare(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
}
