/** Pages that need a signature: their functions ask for the ticket, keep it as long as they may, and report a refusal once. */

import { confirmedAtMs } from '../../functions/getTicket/confirmation.ts';
import { getAccessToken } from '../../functions/_shared/token/getAccessToken.ts';
import type { Answer } from '../../functions/_shared/token/ports.ts';
import type { StoredToken } from '../../functions/_shared/token/record.ts';
import { stepClock, ticketIdOf } from './instance.ts';
import type { Instance } from './instance.ts';
import type { TicketHandout, TicketOracle } from './oracles/tickets.ts';
import type { Pool } from './pool.ts';
import { followRhythm, createRhythm } from './rhythm.ts';
import { breakTicketAnswer } from './without.ts';
import type { World } from './world.ts';

/** A page is opened, and its visitor's browser says what is wrong. */
const REPORT_AFTER_MS = 1_000;
/** For so long after WeChat has refused a token an old ticket is nobody's fault. */
const REFUSAL_AFTERMATH_MS = 10 * 60_000;

export function startTicketCallers(world: World, pool: Pool, requestsPerDay: number): void {
  const { timeline, streams, tickets } = world;
  if (tickets === null) return;
  const oracle = tickets;
  const rhythm = createRhythm(streams.of(`pages of ${world.appid}`), requestsPerDay);

  async function request(reported: string | null): Promise<void> {
    const askedAtMs = timeline.now();
    oracle.totals.requests += 1;
    if (reported !== null) oracle.totals.reports += 1;
    if (reported !== null) oracle.onReported();
    const asked = await pool.invoke(async (instance) => {
      const answer = await askForTicket(world, instance, reported);
      return {
        answer,
        skewMs: skewOf(instance),
        isConfirmed: isConfirmed(world, instance, answer, reported),
      };
    });
    if (typeof asked === 'string' || !asked.answer.ok) {
      oracle.totals.unanswered += 1;
      // A reporter may have to come back: the next look at WeChat is a minute after the last one.
      if (reported === null && isWell(world))
        world.oracles.onUnanswered(typeof asked === 'string' ? asked : `ticket: ${describe(asked.answer)}`);
      return;
    }
    oracle.totals.answered += 1;
    const { token: value, leftMs } = asked.answer;
    const atMs = timeline.now();
    const handout = { value, atMs, untilAtMs: atMs + leftMs, skewMs: asked.skewMs, isWell: isWell(world) };
    oracle.onHandout(handout);
    if (asked.isConfirmed) oracle.onGivenBack(handout, askedAtMs);
    if (reported === null && isRefused(oracle, handout))
      timeline.at(timeline.now() + REPORT_AFTER_MS, () => void request(value));
  }

  followRhythm(timeline, rhythm, () => void request(null));
}

/** One call of a caller with a bug, which reports whatever it was given last; returns what it is given. */
export async function reportTicket(world: World, pool: Pool, held: string | null): Promise<string | null> {
  const { tickets, timeline } = world;
  if (tickets === null) return null;
  const askedAtMs = timeline.now();
  if (held !== null) tickets.onReported();
  const asked = await pool.invoke(async (instance) => {
    const answer = await askForTicket(world, instance, held);
    return { answer, skewMs: skewOf(instance), isConfirmed: isConfirmed(world, instance, answer, held) };
  });
  if (typeof asked === 'string' || !asked.answer.ok) return held;
  const { token: value } = asked.answer;
  if (asked.isConfirmed) tickets.onGivenBack({ value, skewMs: asked.skewMs }, askedAtMs);
  return value;
}

function skewOf({ clock }: Instance): number {
  const { leastMs, mostMs } = clock.range();
  return Math.max(Math.abs(leastMs), Math.abs(mostMs));
}

function isRefused(oracle: TicketOracle, { value, atMs }: TicketHandout): boolean {
  return oracle.isDead(value, atMs);
}

function isWell({ dice, timeline, tokenRefusedAtMs }: World): boolean {
  return dice.explanation() === null && timeline.now() - tokenRefusedAtMs() > REFUSAL_AFTERMATH_MS;
}

async function askForTicket(world: World, instance: Instance, reported: string | null): Promise<Answer> {
  stepClock(world, instance);
  instance.reported.clear();
  const answer = await getAccessToken(instance.tickets.get(world.appid)!, reported);
  const stored = world.collection.documents.get(ticketIdOf(world))?.['token'] as StoredToken | null;
  return breakTicketAnswer(world.without, answer, stored, instance.clock.now());
}

/** While WeChat can't be asked, a reporter gets its ticket back without that. */
function isConfirmed(world: World, instance: Instance, answer: Answer, reported: string | null): boolean {
  const ticket = instance.tickets.get(world.appid)!;
  return answer.ok && confirmedAtMs(ticket, answer.token, reported) !== null;
}

function describe(answer: Answer): string {
  return answer.ok ? 'ok' : `${answer.errcode} ${answer.errmsg}`;
}
