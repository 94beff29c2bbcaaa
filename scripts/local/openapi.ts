/** `cloud.openapi` of the embedded cloud: a function may call what its `permissions.openapi` lists, and the sandbox answers. */

import type { FunctionDeclaration } from '../build/declarations.ts';
import type { CloudClock } from './clock.ts';
import { functionOfToken } from './functions/environment.ts';
import type { CallOpenApi } from './gateway/call.ts';
import { answerOpenApi } from './wechat/openapi.ts';
import type { WeChatSandbox } from './wechat/sandbox.ts';

export interface OpenApiOptions {
  sandbox: WeChatSandbox;
  functions: readonly FunctionDeclaration[];
  clock: Pick<CloudClock, 'now'>;
  appid: string;
}

export function createOpenApi({ sandbox, functions, clock, appid }: OpenApiOptions): CallOpenApi {
  return ({ api, pairs, apiToken }) => {
    const caller = functionOfToken(apiToken);
    const permitted = functions.find(({ name }) => name === caller)?.openapi ?? [];
    if (!permitted.includes(api)) return 'not-permitted';
    const parameters = pairs.map(({ contenttype: contentType, ...pair }) => ({ ...pair, contentType }));
    const answer = answerOpenApi(sandbox.wechat, { api, parameters, appid, nowMs: clock.now() });
    if (answer === undefined) return 'unknown';
    const contentType = answer.headers?.['Content-Type'] ?? 'application/json';
    return { respData: Buffer.from(answer.body ?? ''), contentType };
  };
}
