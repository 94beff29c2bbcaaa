/**
 * The token for a client that can't report a refused one: an unmodified SDK just asks again.
 *
 * So a client that asks again before the life it was promised is over raises a suspicion. The stored token is then
 * shown to WeChat once, and only WeChat's refusal counts as a report. See docs/decisions/0011-the-outside-door.md.
 */

import { isNewborn } from '../_shared/token/decide.ts';
import { getAccessToken } from '../_shared/token/getAccessToken.ts';
import type { Answer } from '../_shared/token/getAccessToken.ts';
import { look } from '../_shared/token/keeper.ts';
import type { Keeper } from '../_shared/token/keeper.ts';
import { MEMORY_MS } from '../_shared/token/policy.ts';
import { isRecent, isUnderWay, markOf } from './checks.ts';
import type { Check, Checks } from './checks.ts';
import type { Verdict } from './probe.ts';
import type { Promises } from './promises.ts';

export interface Suspicion {
  checks: Checks;
  promises: Promises;
  probe(token: string): Promise<Verdict>;
}

export interface Asking {
  /** The client's id. */
  client: string;
  /** It says itself that its token is refused. */
  isReport: boolean;
  /** The last check of this app's token, read at the beginning of this call. */
  last: Check | null;
}

/** Throws a TokenError when the database can't be asked. */
export async function tokenFor(keeper: Keeper, suspicion: Suspicion, asking: Asking): Promise<Answer> {
  const refused = await findRefused(keeper, suspicion, asking);
  const answer = await getAccessToken(keeper, refused);
  if (answer.ok) suspicion.promises.keep(asking.client, keeper.appid, answer);
  return answer;
}

/** The stored token if WeChat has just refused it; else null, and memory is as new as it has to be. */
async function findRefused(
  keeper: Keeper,
  suspicion: Suspicion,
  { client, isReport, last }: Asking,
): Promise<string | null> {
  const nowMs = keeper.ports.now();
  if (last !== null && isUnderWay(last, nowMs)) return awaitOutcome(keeper, suspicion.checks);
  const given = suspicion.promises.find(client, keeper.appid, nowMs);
  if (isReport || given !== null) return suspect(keeper, suspicion, last, given);
  if (last !== null && isNewerThanMemory(last, keeper)) return refusedBy(last, keeper);
  return null;
}

/** `given`: the token that the client was promised and should still be content with. */
async function suspect(
  keeper: Keeper,
  suspicion: Suspicion,
  last: Check | null,
  given: string | null,
): Promise<string | null> {
  const nowMs = keeper.ports.now();
  const { record } = await look(keeper);
  const token = record.token?.value;
  // Another one than it was given is news to it; one that was just born would not be replaced anyway.
  if (token === undefined || (given !== null && given !== token) || isNewborn(record, nowMs)) return null;
  if (last !== null && isRecent(last, nowMs)) return last.refused === markOf(token) ? token : null;
  const check = await suspicion.checks.start(keeper.appid, last, nowMs);
  if (check === null) return awaitOutcome(keeper, suspicion.checks);
  return provenRefused(keeper, suspicion, check, token);
}

/** The check ends once the next token is stored: whoever waits for it then finds that. */
async function provenRefused(
  keeper: Keeper,
  suspicion: Suspicion,
  check: Check,
  token: string,
): Promise<string | null> {
  let refused: string | null = null;
  try {
    const verdict = await suspicion.probe(token);
    keeper.ports.log('token_suspected', { appid: keeper.appid, outcome: verdict });
    refused = verdict === 'refused' ? token : null;
    if (refused !== null) await getAccessToken(keeper, refused);
  } finally {
    const mark = refused === null ? null : markOf(refused);
    // Should it fail, the others wait for as long as a check may take, and no longer.
    await suspicion.checks.end(keeper.appid, check, mark, keeper.ports.now()).catch(() => undefined);
  }
  return refused;
}

/** Growing, and together about as long as a patient SDK waits. */
const WAITS_MS = [60, 120, 240, 480, ...Array<number>(16).fill(700)];

/** Waits for the check that another instance is making. */
async function awaitOutcome(keeper: Keeper, checks: Checks): Promise<string | null> {
  let check: Check | null = null;
  for (const waitMs of WAITS_MS) {
    await keeper.ports.sleep(waitMs * (0.75 + keeper.ports.random() / 2));
    check = await checks.read(keeper.appid);
    if (check === null || !isUnderWay(check, keeper.ports.now())) break;
  }
  return refusedBy(check, keeper);
}

async function refusedBy(check: Check | null, keeper: Keeper): Promise<string | null> {
  const token = (await look(keeper)).record.token?.value;
  const isIt = token !== undefined && check?.refused === markOf(token) && isRecent(check, keeper.ports.now());
  return isIt ? token : null;
}

/** What was read before the check ended may be the token that the check found dead. */
function isNewerThanMemory({ endedAtMs }: Check, { memory, ports }: Keeper): boolean {
  if (endedAtMs === null || memory === null) return false;
  const isLately = Math.abs(ports.now() - endedAtMs) < 2 * MEMORY_MS;
  return isLately && memory.readAtMs <= endedAtMs;
}
