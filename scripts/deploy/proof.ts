/** Two calls that show that it works: the first refresh, and a management call that must not get a token. */

import { callOf, respell } from '../command/call.ts';
import type { RefreshReply } from '../../functions/refreshAccessToken/index.ts';
import type { TickReply } from '../../functions/refreshAccessToken/reply.ts';
import type { Environment } from '../platform/environment.ts';
import { PlatformError } from '../platform/errors.ts';

type Called = Pick<Environment, 'invoke' | 'names'>;

/** How each app stands, in words; throws when any has no fresh token. */
export async function firstRefresh({ invoke, names }: Called): Promise<string> {
  const called = await invoke(names.refresh, {});
  if ('failure' in called) {
    throw new PlatformError(`${names.refresh} failed: ${respell(called.failure.slice(0, 300))}`, {
      code: 'REFRESH_FAILED',
      cure: `the next tick and the next caller try again; ${callOf('doctor')} tells more`,
    });
  }
  const { errcode, errmsg, results: tokens, tickets = [] } = (called.result ?? {}) as Partial<RefreshReply>;
  if (errcode !== 0 || !Array.isArray(tokens)) {
    throw new PlatformError(`${names.refresh} answered ${String(errcode)} ${respell(String(errmsg))}`, {
      code: 'REFRESH_REFUSED',
      cure: `cure what it names, then run ${callOf('deploy')} again`,
    });
  }
  const results = [...tokens, ...tickets];
  const failed = results.filter((result) => result.errcode !== 0);
  if (failed.length > 0) {
    const causes = failed.map((result) => `${result.appid}: ${result.errcode} ${respell(result.errmsg)}`);
    const what = failed.some((one) => tokens.includes(one)) ? 'token' : 'ticket';
    throw new PlatformError(`no ${what} for ${causes.join('; ')}`, {
      code: 'REFRESH_REFUSED',
      cure: `correct the variables and run ${callOf('deploy')} again; ${callOf('doctor')} tells more`,
    });
  }
  return results.map(describe).join('; ');
}

/** Of the functions that hand something out. */
export async function provenGuard(
  { invoke, names }: Called,
  guarded: readonly string[] = [names.get],
): Promise<string> {
  for (const name of guarded) await requireRefused(invoke, name);
  const calls = guarded.length === 1 ? 'a call' : 'calls';
  return `${calls} of ${guarded.join(' and ')} from outside ${guarded.length === 1 ? 'is' : 'are'} refused (403)`;
}

/** The answer may be a token, if all goes wrong: nothing of it is told but a number. */
async function requireRefused(invoke: Called['invoke'], get: string): Promise<void> {
  const called = await invoke(get, {});
  const errcode = 'result' in called ? (called.result as { errcode?: unknown } | null)?.errcode : undefined;
  if (errcode === 403) return;
  if (errcode === 0) {
    throw new PlatformError(`${get} gave a token to a call that is no cloud function`, {
      code: 'GUARD_OPEN',
      cure: `remove what is too wide from TRUSTED_SOURCES, run ${callOf('deploy')} again, and refresh the token (${callOf('refresh', '--leaked')})`,
    });
  }
  const seen = typeof errcode === 'number' ? `answered ${errcode}` : 'failed';
  throw new PlatformError(`${get} ${seen} where it should have refused with 403`, {
    code: 'GUARD_UNPROVEN',
    cure: `see its log in the console, then run ${callOf('deploy')} again`,
  });
}

function describe({ appid, action, expires_in: expiresIn, refresh_in: refreshIn }: TickReply): string {
  const minutes = (seconds: number): string => `${Math.floor(seconds / 60)} min`;
  return `${appid} ${action}, life left ${minutes(expiresIn)}, next refresh in ${minutes(refreshIn)}`;
}
