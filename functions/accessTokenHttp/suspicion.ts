/**
 * The token for a server that can't report a refused one: an unmodified SDK just asks again.
 *
 * So a server that asks again before its `expires_in` is over raises a suspicion. The stored token is then
 * shown to WeChat once, and only WeChat's refusal counts as a report. See docs/decisions/0011-the-outside-door.md.
 */

import { isNewborn } from '../_shared/token/decide.ts';
import { getAccessToken } from '../_shared/token/getAccessToken.ts';
import type { Answer } from '../_shared/token/ports.ts';
import { readRecord } from '../_shared/token/app.ts';
import type { App } from '../_shared/token/app.ts';
import { MEMORY_MS } from '../_shared/token/policy.ts';
import { isRecent, isUnderWay, markOf } from './checks.ts';
import type { Check, Checks } from './checks.ts';
import type { Verdict } from './probe.ts';
import type { Issued } from './issued.ts';

export interface Suspicion {
  checks: Checks;
  issued: Issued;
  probe(token: string): Promise<Verdict>;
}

export interface Asking {
  /** The server's id. */
  server: string;
  /** It says itself that its token is refused. */
  isReport: boolean;
  /** The last check of this app's token, read at the beginning of this call. */
  last: Check | null;
}

/** Throws a TokenError when the database can't be asked. */
export async function tokenFor(app: App, suspicion: Suspicion, asking: Asking): Promise<Answer> {
  const refused = await findRefused(app, suspicion, asking);
  const answer = await getAccessToken(app, refused);
  if (answer.ok) suspicion.issued.keep(asking.server, app.appid, answer);
  return answer;
}

/** The stored token if WeChat has just refused it; else null, and memory is as new as it has to be. */
async function findRefused(
  app: App,
  suspicion: Suspicion,
  { server, isReport, last }: Asking,
): Promise<string | null> {
  const nowMs = app.ports.now();
  if (last !== null && isUnderWay(last, nowMs)) return awaitOutcome(app, suspicion.checks);
  const given = suspicion.issued.find(server, app.appid, nowMs);
  if (isReport || given !== null) return suspect(app, suspicion, last, given);
  if (last !== null && isNewerThanMemory(last, app)) return refusedBy(last, app);
  return null;
}

/** `given`: the token that the server was given and that should still be good. */
async function suspect(
  app: App,
  suspicion: Suspicion,
  last: Check | null,
  given: string | null,
): Promise<string | null> {
  const nowMs = app.ports.now();
  const { record } = await readRecord(app);
  const token = record.token?.value;
  // Another one than it was given is news to it; one that was just born would not be replaced anyway.
  if (token === undefined || (given !== null && given !== token) || isNewborn(record, nowMs)) return null;
  if (last !== null && isRecent(last, nowMs)) return last.refused === markOf(token) ? token : null;
  const check = await suspicion.checks.start(app.appid, last, nowMs);
  if (check === null) return awaitOutcome(app, suspicion.checks);
  return provenRefused(app, suspicion, check, token);
}

/** The check ends once the next token is stored: callers that wait find that one. */
async function provenRefused(
  app: App,
  suspicion: Suspicion,
  check: Check,
  token: string,
): Promise<string | null> {
  let refused: string | null = null;
  try {
    const verdict = await suspicion.probe(token);
    app.ports.log('token_suspected', { appid: app.appid, outcome: verdict });
    refused = verdict === 'refused' ? token : null;
    if (refused !== null) await getAccessToken(app, refused);
  } finally {
    const mark = refused === null ? null : markOf(refused);
    // Should it fail, the others wait for as long as a check may take, and no longer.
    await suspicion.checks.end(app.appid, check, mark, app.ports.now()).catch(() => undefined);
  }
  return refused;
}

/** Growing, and together about as long as a patient SDK waits. */
const WAITS_MS = [60, 120, 240, 480, ...Array<number>(16).fill(700)];

/** Waits for the check that another instance is making. */
async function awaitOutcome(app: App, checks: Checks): Promise<string | null> {
  let check: Check | null = null;
  for (const waitMs of WAITS_MS) {
    await app.ports.sleep(waitMs * (0.75 + app.ports.random() / 2));
    check = await checks.read(app.appid);
    if (check === null || !isUnderWay(check, app.ports.now())) break;
  }
  return refusedBy(check, app);
}

async function refusedBy(check: Check | null, app: App): Promise<string | null> {
  const token = (await readRecord(app)).record.token?.value;
  const isIt = token !== undefined && check?.refused === markOf(token) && isRecent(check, app.ports.now());
  return isIt ? token : null;
}

/** What was read before the check ended may be the token that the check found dead. */
function isNewerThanMemory({ endedAtMs }: Check, { memory, ports }: App): boolean {
  if (endedAtMs === null || memory === null) return false;
  const isLately = Math.abs(ports.now() - endedAtMs) < 2 * MEMORY_MS;
  return isLately && memory.readAtMs <= endedAtMs;
}
