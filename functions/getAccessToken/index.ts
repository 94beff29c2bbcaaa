/** Door 2: other cloud functions ask here for the stored access_token, and nobody else gets it. */

import { mayReadToken, readCaller } from '../_shared/runtime/caller.ts';
import type { Caller } from '../_shared/runtime/caller.ts';
import { createRuntime, describeProblems, writeLine } from '../_shared/runtime/runtime.ts';
import type { Runtime } from '../_shared/runtime/runtime.ts';
import { createLog } from '../_shared/runtime/log.ts';
import { getAccessToken } from '../_shared/token/getAccessToken.ts';
import { readRequest, toReply } from './contract.ts';
import type { FailureReply, GetAccessTokenReply } from './contract.ts';

/** Longer chains of functions are none that anybody has; it is stored with a report. */
const LONGEST_SOURCE = 128;

const getRuntime = createRuntime('getAccessToken');
const log = createLog('getAccessToken', writeLine);

/** Returns failures, never throws them: a caller has one place to look at. */
export async function main(event: unknown, context: unknown): Promise<GetAccessTokenReply> {
  try {
    return await answer(event, context);
  } catch {
    // Our own bug; its text might quote anything, so only the fact is logged.
    log('internal_error', {});
    return {
      errcode: 500,
      errmsg: 'internal error of getAccessToken: please report it with the time of this call',
    };
  }
}

async function answer(event: unknown, context: unknown): Promise<GetAccessTokenReply> {
  const runtime = await getRuntime();
  const caller = readCaller(event, context);
  if (!mayReadToken(caller, runtime.ok ? runtime.runtime.config.trustedSources : [])) return refuse(caller);
  const request = readRequest(event);
  if ('errcode' in request) return request;
  if (!runtime.ok) return misconfigured(runtime.problems);
  const app = chooseApp(runtime.runtime, request.appid);
  if ('errcode' in app) return app;
  return toReply(
    app.appid,
    await getAccessToken(app, request.reported, caller.source?.slice(0, LONGEST_SOURCE)),
  );
}

function chooseApp({ apps }: Runtime, appid: string | null) {
  const [only] = apps.values();
  if (appid === null && apps.size === 1 && only !== undefined) return only;
  if (appid === null)
    return { errcode: 400, errmsg: 'malformed event: appid is needed, since several apps are configured' };
  return (
    apps.get(appid) ?? {
      errcode: 404,
      errmsg: 'unknown appid: it is not among those that WX_APPID or WX_APPS configures',
    }
  );
}

function misconfigured(problems: readonly string[]): FailureReply {
  const errmsg = describeProblems(problems);
  log('misconfigured', { errmsg });
  return { errcode: 500, errmsg };
}

function refuse({ source }: Caller): FailureReply {
  const seen = source === null ? 'none' : JSON.stringify(source.replace(/[^\x20-\x7e]/g, '?').slice(0, 64));
  log('caller_refused', { source: seen });
  const rule =
    "only other cloud functions may read the access_token, by callFunction({ name: 'getAccessToken' })";
  return {
    errcode: 403,
    errmsg: `caller not allowed (source ${seen}): ${rule}; TRUSTED_SOURCES can admit further sources`,
  };
}
