/** Carries one fault out on the HTTP side. */

import { setTimeout as sleep } from 'node:timers/promises';
import type { HttpAnswer } from '../http-server.ts';
import { refuse } from './errcodes.ts';
import type { Fault } from './faults.ts';
import { asRecord, errcodeAnswer, JSON_TYPE, bodyAsJson } from './wire.ts';

/** The answer after this fault; undefined lets a request that has no answer yet go on. `closing` ends every wait. */
export async function enactFault(
  fault: Fault,
  answer: HttpAnswer | undefined,
  nowMs: number,
  closing: AbortSignal,
): Promise<HttpAnswer | undefined> {
  switch (fault.do) {
    case 'refuse':
      return errcodeAnswer(refuse(fault.errcode, fault.errmsg), nowMs);
    case 'textPlain':
      return answer && { ...answer, headers: { ...answer.headers, 'Content-Type': 'text/plain' } };
    case 'delay':
      return (await hasWaited(fault.ms, closing)) ? answer : DROPPED;
    case 'drop':
      return DROPPED;
    case 'hang':
      await hasWaited(LONGEST_TIMER_MS, closing);
      return DROPPED;
    case 'reply':
      break;
  }
  return reply(fault, answer);
}

/** Whether the request is over with this fault, so that none after it counts. */
export function isFinal(fault: Fault): boolean {
  return fault.do !== 'delay' && fault.do !== 'textPlain';
}

const DROPPED: HttpAnswer = { status: 0, drop: true };

/** 25 days; a longer one fires at once. https://nodejs.org/docs/latest-v20.x/api/timers.html, read 2026-11-22 */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

async function hasWaited(ms: number, closing: AbortSignal): Promise<boolean> {
  return sleep(ms, true, { signal: closing }).catch(() => false);
}

function reply(fault: Fault & { do: 'reply' }, answer: HttpAnswer | undefined): HttpAnswer {
  const issued = asRecord(bodyAsJson(Buffer.from(answer?.body ?? '')))['access_token'];
  const body = (fault.body ?? '').replaceAll('{access_token}', () =>
    typeof issued === 'string' ? issued : '',
  );
  return { status: fault.status ?? 200, headers: { 'Content-Type': fault.contentType ?? JSON_TYPE }, body };
}
