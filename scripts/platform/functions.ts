/** Cloud functions through the `scf` API: what one is, how to call it, and when it may be changed. */

import { pick } from '../command/language.ts';
import { conceal } from '../../functions/_shared/runtime/conceal.ts';
import type { FunctionState, Invocation, RetryPolicy, TriggerState } from './environment.ts';
import { isMissingFunction, unreadable } from './errors.ts';
import type { AnswerOf, Call } from './models.ts';
import { list, number, text } from './values.ts';

/** Null: there is no such function. */
export async function describeFunction(
  call: Call,
  namespace: string,
  name: string,
): Promise<FunctionState | null> {
  try {
    return readState(name, await call('scf', 'GetFunction', { FunctionName: name, Namespace: namespace }));
  } catch (error) {
    if (isMissingFunction(error)) return null;
    throw error;
  }
}

export async function invokeFunction(
  call: Call,
  namespace: string,
  name: string,
  event: object,
): Promise<Invocation> {
  const { Result } = await call('scf', 'Invoke', {
    FunctionName: name,
    Namespace: namespace,
    ClientContext: JSON.stringify(event),
    LogType: 'None',
  });
  const { RetMsg, ErrMsg, InvokeResult } = Result ?? {};
  if (typeof RetMsg !== 'string' && typeof ErrMsg !== 'string')
    throw unreadable(pick({ en: `the call of ${name}`, zh: `调用 ${name}` }));
  // A function that threw is a success of the API. The model calls InvokeResult unmaintained: it may be missing, or lag.
  const isFailed = text(ErrMsg) !== '' || (number(InvokeResult) ?? 0) !== 0;
  if (isFailed)
    return {
      failure: text(ErrMsg) || text(RetMsg) || pick({ en: 'the function failed', zh: '云函数执行失败' }),
    };
  return { result: parsed(text(RetMsg)) };
}

/**
 * The second entry of the list, where there is one, is about the platform's own failures.
 * https://tencentcloud.com/document/product/583/39921 (read 2026-11-22)
 */
export async function describeRetries(call: Call, namespace: string, name: string): Promise<RetryPolicy> {
  const params = { FunctionName: name, Namespace: namespace };
  const { AsyncTriggerConfig } = await call('scf', 'GetFunctionEventInvokeConfig', params);
  const [first] = list(AsyncTriggerConfig?.RetryConfig);
  return { retries: number(first?.RetryNum), keptSeconds: number(AsyncTriggerConfig?.MsgTTL) };
}

function readState(name: string, answer: AnswerOf<'scf', 'GetFunction'>): FunctionState {
  const reasons = list(answer.StatusReasons).map((reason) => text(reason?.ErrorMessage));
  const state: FunctionState = {
    name,
    status: text(answer.Status),
    statusReason: [text(answer.StatusDesc), ...reasons].filter(Boolean).join('; ') || undefined,
    runtime: text(answer.Runtime),
    handler: text(answer.Handler),
    timeout: number(answer.Timeout) ?? 0,
    memorySize: number(answer.MemorySize) ?? 0,
    description: text(answer.Description),
    variables: readVariables(answer),
    triggers: list(answer.Triggers).map(readTrigger),
    changedAt: text(answer.ModTime) || undefined,
    availability: text(answer.AvailableStatus) || undefined,
    egressIps: readEgressIps(answer),
  };
  return conceal(state, 'variables');
}

function readVariables({ Environment }: AnswerOf<'scf', 'GetFunction'>): ReadonlyMap<string, string> {
  return new Map(list(Environment?.Variables).map((pair) => [text(pair?.Key), text(pair?.Value)]));
}

function readTrigger(trigger: Trigger): TriggerState {
  const { TriggerName, Type, TriggerDesc, Enable } = trigger ?? {};
  const config = text(TriggerDesc);
  // SCF wraps a timer's expression: `{"cron":"20 */5 * * * * *"}`; it is created with the bare one.
  const cron = (parsed(config) as { cron?: unknown } | null)?.cron;
  return {
    name: text(TriggerName),
    type: text(Type),
    config: typeof cron === 'string' ? cron : config,
    isEnabled: Enable !== 0 && Enable !== 'CLOSE',
  };
}

type Trigger = NonNullable<AnswerOf<'scf', 'GetFunction'>['Triggers']>[number];

/** Two places, by the age of the function. */
function readEgressIps({ PublicNetConfig, EipConfig }: AnswerOf<'scf', 'GetFunction'>): string[] {
  const ips = [...list(PublicNetConfig?.EipConfig?.EipAddress), ...list(EipConfig?.Eips)];
  return [...new Set(ips.map(text).filter(Boolean))];
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json) as unknown;
  } catch {
    return json;
  }
}
