/** What the commands print. */

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
    `✓ server ${name} for ${appids.join(', ')}. ${shownOnce(key)}`,
    'An SDK takes it in place of the AppSecret; docs/recipes.md has the settings.',
    ...whereIs(doorUrl),
  ].join('\n');
}

/** As `tellAdded`, for a key that gets no token. */
export function tellTicker(name: string, key: string, doorUrl: string | null, ticks: TickSource): string {
  return [
    `✓ server ${name}, which may tick and gets no token. ${shownOnce(key)}`,
    'POST it as {"secret": "…"} to the door’s address with /tick behind it, every 5 minutes; docs/operations.md has recipes.',
    ...(ticks === 'outside' ? [] : [BESIDE[ticks]]),
    ...whereIs(doorUrl),
  ].join('\n');
}

const MEANT = 'TICKS=outside in .env.local or the environment says that they are meant to come from outside';
const BESIDE = {
  timer: `These ticks come beside those of the timer. ${MEANT}, and takes the timer away.`,
  readers: `Nobody will miss such a tick (TICKS=readers). ${MEANT}.`,
};

function shownOnce(key: string): string {
  return `Its key, shown this once (only its hash is stored):\n\n    ${key}\n`;
}

function whereIs(doorUrl: string | null): string[] {
  if (doorUrl === null)
    return [`Next: ${callOf('deploy')}. It puts the door up where there is none yet, and tells its address.`];
  return [
    `The door of the embedded cloud, while ${callOf('start')} runs: ${doorUrl}/http/${OUTSIDE}`,
    `It also asks for the header "Authorization: Bearer …" that ${callOf('start')} prints.`,
  ];
}

/** `left`: how many keys are in force now; `isLocal`: on the embedded cloud, which keeps its door. */
export function tellRevoked(name: string, left: number, isLocal: boolean): string {
  const rest = left === 0 ? 'No server is left' : `${left} left with a key in force`;
  const next = left === 0 && !isLocal ? `: ${callOf('deploy')} takes the door down` : '';
  return [
    `✓ the key of ${name} opens nothing any more, from the next call on. ${rest}${next}.`,
    `A token that it has got lives on to its end: ${callOf('refresh', '--leaked')} kills it.`,
  ].join('\n');
}

export function tellList(servers: readonly ServerDocument[], nowMs: number): string {
  if (servers.length === 0) return `No server: ${callOf('server-key', 'add NAME --appid APPID')} makes one.`;
  const rows = servers.map(({ name, appids, mayTick, createdAtMs, revokedAtMs }) => [
    name,
    mayTick === true ? 'ticks' : appids.join(','),
    `added ${ago(createdAtMs, nowMs)}`,
    revokedAtMs === null ? 'in force' : `revoked ${ago(revokedAtMs, nowMs)}`,
  ]);
  return columns(rows).join('\n');
}
