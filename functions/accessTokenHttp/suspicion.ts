/**
 * The token for a server that can't report a refused one: an unmodified SDK just asks again.
 *
 * So a server that asks again before the life it was promised is over raises a suspicion, and the core shows the
 * stored token to WeChat before anything is minted. See docs/decisions/0011-the-outside-door.md.
 */

import type { App } from '../_shared/token/app.ts';
import { checkAccessToken, getAccessToken } from '../_shared/token/getAccessToken.ts';
import type { Answer } from '../_shared/token/ports.ts';
import { isInDoubt } from '../_shared/token/report.ts';
import type { GivenTokens } from './given-tokens.ts';
import type { Newborns } from './newborn.ts';

/** `isReport`: the server says itself that its token is refused, though not which. Never throws. */
export async function tokenFor(
  app: App,
  { givenTokens, newborns }: { givenTokens: GivenTokens; newborns: Newborns },
  { server, isReport }: { server: string; isReport: boolean },
): Promise<Answer> {
  const given = givenTokens.find(server, app.appid, app.ports.now());
  const isSuspicion = isReport || given !== null;
  const answer = isSuspicion ? await checkAccessToken(app, given?.token ?? null) : await undoubted(app);
  if (!answer.ok) return answer;
  const refusal = await newborns.refuse(app, answer.token, given);
  if (refusal !== null) return refusal;
  givenTokens.keep(server, app.appid, answer);
  return answer;
}

/** While another instance looks at the stored token, or has seen it refused, its outcome is waited for. */
async function undoubted(app: App): Promise<Answer> {
  const answer = await getAccessToken(app, null);
  const record = app.memory?.record;
  const isDoubted = answer.ok && record !== undefined && isInDoubt(record, answer.token, app.ports.now());
  return isDoubted ? checkAccessToken(app, answer.token) : answer;
}
