/** Cloud functions through the `scf` API: what one is, how to call it, and when it may be changed. */

import { conceal } from '../../functions/_shared/runtime/conceal.ts';
import type { Call } from './api.ts';
import type { Answer, FunctionState, Invocation, RetryPolicy, TriggerState } from './environment.ts';
import { hasCode } from './errors.ts';

/** Null: there is no such function. */
export async function describeFunction(
  call: Call,
  namespace: string,
  name: string,
): Promise<FunctionState | null> {
  try {
    return readState(name, await call('scf', 'GetFunction', { FunctionName: name, Namespace: namespace }));
  } catch (error) {
    if (hasCode(error, 'ResourceNotFound')) return null;
    throw error;
  }
}

export async function invokeFunction(
  call: Call,
  namespace: string,
  name: string,
  event: object,
): Promise<Invocation> {
  const answer = await call('scf', 'Invoke', {
    FunctionName: name,
    Namespace: namespace,
    ClientContext: JSON.stringify(event),
    LogType: 'None',
  });
  const { RetMsg, ErrMsg, InvokeResult } = record(answer['Result']);
  // A function that threw is a success of the API: only this number tells.
  if (InvokeResult !== 0) return { failure: text(ErrMsg) || text(RetMsg) || 'the function failed' };
  return { result: parsed(text(RetMsg)) };
}

/**
 * The second entry of the list, where there is one, is about the platform's own failures.
 * https://tencentcloud.com/document/product/583/39921 (read 2026-11-22)
 */
export async function describeRetries(call: Call, namespace: string, name: string): Promise<RetryPolicy> {
  const params = { FunctionName: name, Namespace: namespace };
  const answer = await call('scf', 'GetFunctionEventInvokeConfig', params);
  const { RetryConfig, MsgTTL } = record(answer['AsyncTriggerConfig']);
  const [first] = list(RetryConfig);
  return { retries: number(record(first)['RetryNum']), keptSeconds: number(MsgTTL) };
}

function readState(name: string, answer: Answer): FunctionState {
  const reasons = list(answer['StatusReasons']).map((reason) => text(record(reason)['ErrorMessage']));
  const state: FunctionState = {
    name,
    status: text(answer['Status']),
    statusReason: [text(answer['StatusDesc']), ...reasons].filter(Boolean).join('; ') || undefined,
    runtime: text(answer['Runtime']),
    handler: text(answer['Handler']),
    timeout: number(answer['Timeout']) ?? 0,
    memorySize: number(answer['MemorySize']) ?? 0,
    description: text(answer['Description']),
    variables: readVariables(answer['Environment']),
    triggers: list(answer['Triggers']).map(readTrigger),
    changedAt: text(answer['ModTime']) || undefined,
    egressIps: readEgressIps(answer),
  };
  return conceal(state, 'variables');
}

function readVariables(environment: unknown): ReadonlyMap<string, string> {
  const pairs = list(record(environment)['Variables']).map(record);
  return new Map(pairs.map(({ Key, Value }) => [text(Key), text(Value)]));
}

function readTrigger(trigger: unknown): TriggerState {
  const { TriggerName, Type, TriggerDesc, Enable } = record(trigger);
  const config = text(TriggerDesc);
  // SCF wraps a timer's expression: `{"cron":"20 */5 * * * * *"}`; it is created with the bare one.
  const cron = record(parsed(config))['cron'];
  return {
    name: text(TriggerName),
    type: text(Type),
    config: typeof cron === 'string' ? cron : config,
    isEnabled: Enable !== 0 && Enable !== 'CLOSE',
  };
}

/** Two places, by the age of the function. */
function readEgressIps(answer: Answer): string[] {
  const newer = record(record(answer['PublicNetConfig'])['EipConfig'])['EipAddress'];
  const older = record(answer['EipConfig'])['Eips'];
  return [...new Set([...list(newer), ...list(older)].map(text).filter(Boolean))];
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json) as unknown;
  } catch {
    return json;
  }
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function number(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}
