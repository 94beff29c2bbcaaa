/** The lines that `npm start` prints. A token is shown as its first 4 characters and its length, nowhere more. */

import pc from 'picocolors';
import { readTicks } from '../../functions/_shared/runtime/config.ts';
import type { RefreshReply } from '../../functions/refreshAccessToken/index.ts';
import type { TickReply } from '../../functions/refreshAccessToken/reply.ts';
import type { Cloud } from '../local/cloud.ts';
import { callOf } from '../command/call.ts';
import { clockTime } from '../command/words.ts';
import type { LogLine } from '../local/functions/hosted-function.ts';
import { namesWith } from '../local/names.ts';
import type { Settings } from '../local/settings.ts';
import { appsIn, type Variables } from '../local/variables.ts';

type Outcome = { result: unknown } | { failure: { code: string; message: string } };

export function tellStart({ isWeChatReal, dataFolder, variables }: Settings): void {
  console.log(pc.bold('cloudbase-access-token on an embedded cloud'));
  const wechat = isWeChatReal
    ? pc.yellow('the real one: WX_APPID/WX_APPSECRET or WX_APPS are set, so this mints real tokens')
    : 'a sandbox on this machine (set WX_APPID and WX_APPSECRET to talk to the real one)';
  console.log(`  WeChat: ${wechat}`);
  console.log(
    `  apps:   ${appsIn(variables)
      .map(({ appid }) => appid)
      .join(', ')}`,
  );
  console.log(`  data:   ${dataFolder}`);
}

export function tellStep(isGood: boolean, who: string, what: string): boolean {
  console.log(`${isGood ? pc.green('✓') : pc.red('✗')} ${pc.bold(who)}: ${what}`);
  return isGood;
}

/** One line per app; false when the tick failed. */
/** The time is that of the cloud's clock, as on the dashboard. */
export function tellTick(functionName: string, outcome: Outcome, nowMs: number): boolean {
  const time = clockTime(nowMs, Date.now());
  if ('failure' in outcome) return tellStep(false, `${time} ${functionName}`, outcome.failure.message);
  const { errcode, errmsg, results } = outcome.result as RefreshReply;
  if (errcode !== 0) return tellStep(false, `${time} ${functionName}`, `${errcode} ${errmsg}`);
  const told = results.map((result) =>
    tellStep(result.errcode === 0, `${time} ${functionName}`, describe(result)),
  );
  return told.every(Boolean);
}

export function tellAddresses(
  { door, secret, sandbox }: Cloud,
  variables: Variables,
  dashboard: string | undefined,
): void {
  if (dashboard !== undefined)
    console.log(
      `\n${pc.bold('Dashboard:')} ${dashboard}   ${sandbox ? 'watch it, break it, see it heal' : 'watch it'}`,
    );
  const curl = `  curl -H "Authorization: Bearer ${secret}"`;
  console.log(`\n${whoTicks(variables, door.url)}. ${TO_TRY}`);
  const [first, ...more] = appsIn(variables);
  // With several apps a call says which one it is about.
  const event = more.length === 0 ? '' : ` -d '${JSON.stringify({ appid: first?.appid })}'`;
  console.log(`${curl} -X POST ${door.url}/as/function/getAccessToken${event}`);
  console.log(`${curl} -X POST ${door.url}/call/getAccessToken${event}`);
  console.log(`What else can be called${sandbox ? ', and WeChat’s side of it' : ''}:`);
  console.log(`${curl} ${door.url}/`);
  if (sandbox) console.log(`${curl} ${sandbox.url}/__sandbox/state`);
  console.log(
    `wx.cloud for a mini program in DevTools: ${door.url}/wx-cloud.js, with the same header (docs/embedded-cloud.md).`,
  );
  console.log(pc.dim('Ctrl-C ends it; the token stays in the database for the next start.'));
}

const TO_TRY = 'To try by hand, as another cloud function, and as a mini program (403):';

function whoTicks(variables: Variables, doorUrl: string): string {
  const ticks = readTicks(variables['TICKS']);
  if (ticks === 'readers') return 'No ticks come (TICKS=readers): callers alone keep the token alive';
  if (ticks !== 'outside') return 'The timer ticks every 5 minutes';
  return `Ticks come from outside (TICKS=outside): POST ${doorUrl}/http/${namesWith('').outside}/tick with a key of ${callOf('server-key', 'add NAME --ticks --local')}`;
}

/** Of a function of the user's. What it prints may hold anything, but controls no terminal. */
export function tellLine({ name, callId, text }: LogLine): void {
  const call = callId === '' ? '' : ` ${pc.dim(callId.slice(0, 8))}`;
  console.log(`${pc.cyan(name)}${call} ${text.replaceAll(CONTROL, '�')}`);
}

/** All but the tabulator. */
const CONTROL = /[^\P{Cc}\t]/gu;

/** A tick of another function than ours says no more than whether it went well: the rest is in what it prints. */
export function tellOwnTick(functionName: string, outcome: Outcome): void {
  if ('failure' in outcome) tellStep(false, `${functionName} (timer)`, outcome.failure.message);
}

export function minutes(seconds: unknown): string {
  return typeof seconds === 'number' ? `${Math.floor(seconds / 60)} min` : 'an unknown time';
}

function describe({
  appid,
  action,
  errcode,
  errmsg,
  expires_in: expiresIn,
  refresh_in: refreshIn,
}: TickReply): string {
  const cause = errcode === 0 ? '' : `, ${errcode} ${errmsg}`;
  return `${appid} ${action}${cause}; life left ${minutes(expiresIn)}, next refresh in ${minutes(refreshIn)}`;
}
