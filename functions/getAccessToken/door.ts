/** What the doors for other functions share: who is let in, which app is meant, and that no failure is thrown. */

import { mayReadToken, readCaller } from '../_shared/runtime/caller.ts';
import type { Caller } from '../_shared/runtime/caller.ts';
import { createRuntime } from '../_shared/runtime/runtime.ts';
import { describeProblems } from '../_shared/runtime/config.ts';
import type { Runtime } from '../_shared/runtime/runtime.ts';
import { createLog, writeLine } from '../_shared/runtime/log.ts';
import type { App } from '../_shared/token/app.ts';
import type { FailureReply } from './contract.ts';

export interface Door<Request, Reply> {
  /** Of the function. */
  name: string;
  /** What it hands out. */
  noun: string;
  readRequest(event: unknown): Request | FailureReply;
  /** `source`: the caller's TCB_SOURCE. */
  answer(runtime: Runtime, app: App, request: Request, source: string | null): Promise<Reply | FailureReply>;
}

/** Longer chains of functions are none that anybody has; it is stored with a report. */
const LONGEST_SOURCE = 128;

/** Returns failures, never throws them: a caller has one place to look at. */
export function createDoor<Request extends { appid: string | null }, Reply>(
  door: Door<Request, Reply>,
): (event: unknown, context: unknown) => Promise<Reply | FailureReply> {
  const getRuntime = createRuntime(door.name);
  const log = createLog(door.name, writeLine);

  async function open(event: unknown, context: unknown): Promise<Reply | FailureReply> {
    const result = await getRuntime();
    const caller = readCaller(event, context);
    if (!mayReadToken(caller, result.ok ? result.runtime.config.trustedSources : [])) return refuse(caller);
    const request = door.readRequest(event);
    if ('errcode' in request) return request;
    if (!result.ok) return misconfigured(result.problems);
    const app = chooseApp(result.runtime, request.appid);
    if ('errcode' in app) return app;
    return door.answer(result.runtime, app, request, caller.source?.slice(0, LONGEST_SOURCE) ?? null);
  }

  function misconfigured(problems: readonly string[]): FailureReply {
    const errmsg = describeProblems(problems);
    log('misconfigured', { errmsg });
    return { errcode: 500, errmsg };
  }

  function refuse({ source }: Caller): FailureReply {
    const seen = source === null ? 'none' : JSON.stringify(source.replace(/[^\x20-\x7e]/g, '?').slice(0, 64));
    log('caller_refused', { source: seen });
    const rule = `only other cloud functions may read the ${door.noun}, by callFunction({ name: '${door.name}' })`;
    return {
      errcode: 403,
      errmsg: `caller not allowed (source ${seen}): ${rule}; TRUSTED_SOURCES can admit further sources`,
    };
  }

  return async (event, context) => {
    try {
      return await open(event, context);
    } catch {
      // Our own bug; its text might quote anything, so only the fact is logged.
      log('internal_error', {});
      return {
        errcode: 500,
        errmsg: `internal error of ${door.name}: please report it with the time of this call`,
      };
    }
  };
}

function chooseApp({ apps }: Runtime, appid: string | null): App | FailureReply {
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
