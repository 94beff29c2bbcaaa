/** Tencent's function API: create, change, read, call, triggers, retries. */

import { COS_HOST } from './cos.ts';
import type { Handlers, ScfAnswer, ScfRequest } from './models.ts';
import { refuse } from './refusal.ts';
import { someFunction, type FakeFunction, type FakeState } from './state.ts';

export const SCF: Handlers<'scf'> = {
  CreateFunction(state, params) {
    const name = params.FunctionName;
    if (state.functions.has(name)) throw refuse('ResourceInUse.Function', `${name} exists`);
    const created = someFunction(name, { busyPolls: 1 });
    state.functions.set(name, created);
    assign(created, params);
    created.Runtime = params.Runtime ?? '';
    created.code = codeOf(state, params.Code);
    created.uploads = 1;
    return {};
  },
  UpdateFunctionCode(state, params) {
    const found = idle(state, params);
    found.Handler = params.Handler ?? '';
    found.code = codeOf(state, params.Code);
    found.uploads += 1;
    found.busyPolls = 1;
    return {};
  },
  UpdateFunctionConfiguration(state, params) {
    const found = idle(state, params);
    assign(found, params);
    found.busyPolls = 1;
    return {};
  },
  GetFunction(state, params): ScfAnswer<'GetFunction'> {
    const { variables, triggers, busyPolls, code: _, uploads: __, ...rest } = existing(state, params);
    const found = existing(state, params);
    if (busyPolls > 0) found.busyPolls -= 1;
    return {
      ...rest,
      Status: busyPolls > 0 ? 'Updating' : rest.Status,
      Environment: { Variables: variables },
      Triggers: triggers.map(({ TriggerName, Type, TriggerDesc, Enable }) => {
        return { TriggerName, Type, Enable, TriggerDesc: JSON.stringify({ cron: TriggerDesc }) };
      }),
    };
  },
  GetFunctionAddress(state, params): ScfAnswer<'GetFunctionAddress'> {
    const { FunctionName } = existing(state, params);
    return { Url: `https://${COS_HOST}/function-code/${FunctionName}?sign=secret-signature` };
  },
  BatchCreateTrigger(state, params) {
    const added = JSON.parse(params.Triggers) as FakeFunction['triggers'];
    const { triggers } = existing(state, params);
    for (const trigger of added) {
      const isTaken = triggers.some(({ TriggerName }) => TriggerName === trigger.TriggerName);
      if (isTaken) throw refuse('ResourceInUse.Trigger', `${trigger.TriggerName} exists`);
      triggers.push({ ...trigger, Enable: 1 });
    }
    return { ErrorMsg: '', ReturnCode: 0 };
  },
  DeleteTrigger(state, params) {
    const found = existing(state, params);
    found.triggers = found.triggers.filter(({ TriggerName }) => TriggerName !== params.TriggerName);
    return {};
  },
  DeleteFunction(state, params) {
    existing(state, params);
    state.functions.delete(params.FunctionName);
    return {};
  },
  GetFunctionEventInvokeConfig(state, params): ScfAnswer<'GetFunctionEventInvokeConfig'> {
    existing(state, params);
    const { MsgTTL, RetryConfig } = state.retries.get(params.FunctionName) ?? DEFAULT_RETRIES;
    return { AsyncTriggerConfig: { MsgTTL, RetryConfig: [...RetryConfig, { RetryNum: -1 }] } };
  },
  UpdateFunctionEventInvokeConfig(state, params) {
    existing(state, params);
    state.retries.set(params.FunctionName, params.AsyncTriggerConfig);
    return {};
  },
  async Invoke(state, params): Promise<ScfAnswer<'Invoke'>> {
    existing(state, params);
    const event = JSON.parse(params.ClientContext ?? '{}') as object;
    const outcome = await state.invoke(params.FunctionName, event);
    if ('failure' in outcome) return { Result: { InvokeResult: 1, ErrMsg: outcome.failure, RetMsg: '' } };
    return { Result: { InvokeResult: 0, ErrMsg: '', RetMsg: JSON.stringify(outcome.result) } };
  },
};

const DEFAULT_RETRIES = { MsgTTL: 21_600, RetryConfig: [{ RetryNum: 2 }] };

interface Target {
  FunctionName?: string;
  Namespace?: string;
}

function existing(state: FakeState, { FunctionName: name = '', Namespace }: Target): FakeFunction {
  const found = state.functions.get(name);
  if (found === undefined || Namespace !== state.envId) {
    throw refuse('ResourceNotFound.Function', `未找到指定的Function，请创建后再试。 ${name}`);
  }
  return found;
}

/** SCF refuses to change what it is still changing. */
function idle(state: FakeState, params: Target): FakeFunction {
  const found = existing(state, params);
  if (found.busyPolls > 0) throw refuse('ResourceUnavailable.Function', 'the function is Updating');
  return found;
}

/** What is left out stays as it is; the variables are replaced as a whole. */
function assign(target: FakeFunction, params: Partial<ScfRequest<'CreateFunction'>>): void {
  const { Handler, Timeout, MemorySize, Description, Environment } = params;
  if (Handler !== undefined) target.Handler = Handler;
  if (Timeout !== undefined) target.Timeout = Timeout;
  if (MemorySize !== undefined) target.MemorySize = MemorySize;
  if (Description !== undefined) target.Description = Description;
  if (Environment !== undefined) target.variables = (Environment.Variables ?? []).map(requireValue);
}

/** https://cloud.tencent.com/document/api/583/17244 (read 2026-11-28): neither may be empty. */
function requireValue({ Key, Value }: { Key?: string; Value?: string }): { Key: string; Value: string } {
  if (Key && Value) return { Key, Value };
  throw refuse('InvalidParameterValue.EnvironmentVariables', `the variable ${Key} has no value`);
}

function codeOf(
  state: FakeState,
  { TempCosObjectName, ZipFile }: Partial<ScfRequest<'CreateFunction'>['Code']> = {},
): Buffer {
  if (ZipFile !== undefined) return Buffer.from(ZipFile, 'base64');
  const code = state.objects.get(String(TempCosObjectName));
  if (code === undefined) throw refuse('InvalidParameterValue.Code', `no object ${TempCosObjectName}`);
  return code;
}
