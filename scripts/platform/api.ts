/** Tencent's management API through @cloudbase/manager-node: signed calls, and errors turned into one line. */

import { createRequire } from 'node:module';
import { setTimeout as wait } from 'node:timers/promises';
import type * as Common from '@cloudbase/manager-node/types/common';
import type * as Context from '@cloudbase/manager-node/types/context';
import { pick } from '../command/language.ts';
import type { Credentials } from './credentials.ts';
import { cureOf, hasCode, PlatformError } from './errors.ts';
import type { Call, Service } from './models.ts';
import type { Redact } from './redact.ts';
import type { PlatformSettings } from './settings.ts';

/** The wire below the models. */
export type Send = (service: Service, action: string, params: object) => Promise<unknown>;

/** Sends nothing yet, and loads nothing: to load the library takes time, and some commands never send. */
export function createApi(settings: PlatformSettings, credentials: Credentials): Call {
  let openService: ReturnType<typeof loadServices> | undefined;
  const send: Send = async (service, action, params) => {
    openService ??= loadServices(settings, credentials);
    return openService(service).call({ Action: action, Param: params });
  };
  return withPlainErrors(send, settings.redact);
}

/** The two parts of the library that a call needs: with all of it, a command takes a quarter of a second longer. */
function loadServices(
  { region }: PlatformSettings,
  { secretId, secretKey, token }: Credentials,
): (service: Service) => Common.CommonService {
  const require = createRequire(import.meta.url);
  const { CommonService } = require('@cloudbase/manager-node/lib/common') as typeof Common;
  const { CloudBaseContext } = require('@cloudbase/manager-node/lib/context') as typeof Context;
  const cloudBaseContext = new CloudBaseContext({
    // Trimmed, as the library does: people paste them.
    secretId: secretId.trim(),
    secretKey: secretKey.trim(),
    ...(token === undefined ? {} : { token }),
    region,
    // Merely being set, the variable USE_INTERNAL_ENDPOINT would send everything into Tencent's own network.
    useInternalEndpoint: false,
  });
  const environment = { cloudBaseContext } as ConstructorParameters<typeof Common.CommonService>[0];
  // The library knows the version of each service's API.
  return (service) => new CommonService(environment, service, '');
}

/** Whatever `send` throws becomes a PlatformError. */
export function withPlainErrors(send: Send, redact: Redact, sleep: Sleep = wait): Call {
  const call: Send = async (service, action, params) => {
    for (let attempt = 1; ; attempt++) {
      try {
        return (await send(service, action, params)) ?? {};
      } catch (error) {
        const refusal = translated(`${service} ${action}`, error, redact);
        const isWorthAnother =
          isRead(action) && hasCode(refusal, 'RequestLimitExceeded') && attempt < MOST_ATTEMPTS;
        if (!isWorthAnother) throw refusal;
        await sleep(PAUSE_MS * 2 ** (attempt - 1));
      }
    }
  };
  return call as Call;
}

type Sleep = (durationMs: number) => Promise<unknown>;

/** The limits are per second: https://cloud.tencent.com/document/api/583/17244 says 20 to 50 (read 2026-11-28). */
const MOST_ATTEMPTS = 4;
const PAUSE_MS = 500;

/** A read that was refused changes nothing when it is asked again. */
function isRead(action: string): boolean {
  return /^(?:Describe|Get|List)/.test(action);
}

/** The library's error, or an `Error` in disguise of its message when the network failed. */
interface Refusal {
  code?: unknown;
  message?: unknown;
  requestId?: unknown;
}

function translated(what: string, error: unknown, redact: Redact): PlatformError {
  const refusal = (typeof error === 'object' && error !== null ? error : {}) as Refusal;
  const { cause, code } = unwrap(refusal);
  const requestId = text(refusal.requestId) || undefined;
  const trail =
    requestId === undefined ? '' : pick({ en: ` (request ${requestId})`, zh: `（RequestId：${requestId}）` });
  const detail = redact(oneLine(cause)).slice(0, 300);
  return new PlatformError(
    pick({ en: `${what} failed: ${code} ${detail}${trail}`, zh: `${what} 失败：${code} ${detail}${trail}` }),
    {
      code,
      cure: cureOf(code),
      requestId,
    },
  );
}

function unwrap({ code, message }: Refusal): { cause: string; code: string } {
  // manager-node passes an Error where its own error wants a text; node-fetch has put Node's code in it.
  const inner = message instanceof Error ? (message as NodeJS.ErrnoException) : undefined;
  const cause = (inner?.message ?? text(message)).replace(/^\[\w+\] /, '');
  const named = text(code) || text(inner?.code) || /\b(E[A-Z]{3,}|\w*CERT\w*)\b/.exec(cause)?.[1];
  return { cause, code: named ?? 'UNREADABLE_ANSWER' };
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function oneLine(message: string): string {
  return message.replaceAll(/\s+/g, ' ').trim();
}
