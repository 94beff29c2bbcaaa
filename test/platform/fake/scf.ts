/** Tencent's function API: create, change, read, call, triggers, retries. */

import { refuse, type ApiParams } from './refusal.ts';
import { someFunction, type FakeFunction, type FakeState } from './state.ts';

type Handler = (state: FakeState, params: ApiParams) => Promise<object> | object;

export const SCF: Record<string, Handler> = {
  GetTempCosInfo: () => ({
    Date: '2025-01-01',
    Sign: 'q-sign-algorithm=sha1&q-ak=ak&q-sign-time=1;2&q-key-time=1;2&q-header-list=&q-url-param-list=&q-signature=s',
  }),
  CreateFunction(state, params) {
    const name = String(params['FunctionName']);
    if (state.functions.has(name)) throw refuse('ResourceInUse.Function', `${name} exists`);
    const created = someFunction(name, { busyPolls: 1 });
    state.functions.set(name, created);
    assign(created, params);
    created.Runtime = String(params['Runtime']);
    created.code = codeOf(state, params);
    created.uploads = 1;
    return {};
  },
  UpdateFunctionCode(state, params) {
    const found = idle(state, params);
    found.Handler = String(params['Handler']);
    found.code = codeOf(state, params);
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
  GetFunction(state, params) {
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
  BatchCreateTrigger(state, params) {
    const added = JSON.parse(String(params['Triggers'])) as FakeFunction['triggers'];
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
    found.triggers = found.triggers.filter(({ TriggerName }) => TriggerName !== params['TriggerName']);
    return {};
  },
  DeleteFunction(state, params) {
    existing(state, params);
    state.functions.delete(String(params['FunctionName']));
    return {};
  },
  GetFunctionEventInvokeConfig(state, params) {
    existing(state, params);
    const { MsgTTL, RetryConfig } = state.retries.get(String(params['FunctionName'])) ?? DEFAULT_RETRIES;
    return { AsyncTriggerConfig: { MsgTTL, RetryConfig: [...RetryConfig, { RetryNum: -1 }] } };
  },
  UpdateFunctionEventInvokeConfig(state, params) {
    existing(state, params);
    state.retries.set(String(params['FunctionName']), params['AsyncTriggerConfig'] as never);
    return {};
  },
  async Invoke(state, params) {
    existing(state, params);
    const event = JSON.parse(String(params['ClientContext'])) as object;
    const outcome = await state.invoke(String(params['FunctionName']), event);
    if ('failure' in outcome) return { Result: { InvokeResult: 1, ErrMsg: outcome.failure, RetMsg: '' } };
    return { Result: { InvokeResult: 0, ErrMsg: '', RetMsg: JSON.stringify(outcome.result) } };
  },
};

const DEFAULT_RETRIES = { MsgTTL: 21_600, RetryConfig: [{ RetryNum: 2 }] };

function existing(state: FakeState, params: ApiParams): FakeFunction {
  const name = String(params['FunctionName']);
  const found = state.functions.get(name);
  if (found === undefined || params['Namespace'] !== state.envId) {
    throw refuse('ResourceNotFound.Function', `未找到指定的Function，请创建后再试。 ${name}`);
  }
  return found;
}

/** SCF refuses to change what it is still changing. */
function idle(state: FakeState, params: ApiParams): FakeFunction {
  const found = existing(state, params);
  if (found.busyPolls > 0) throw refuse('ResourceUnavailable.Function', 'the function is Updating');
  return found;
}

/** What is left out stays as it is; the variables are replaced as a whole. */
function assign(target: FakeFunction, params: ApiParams): void {
  const { Handler, Timeout, MemorySize, Description, Environment } = params as Partial<FakeFunction> & {
    Environment?: { Variables: FakeFunction['variables'] };
  };
  if (Handler !== undefined) target.Handler = Handler;
  if (Timeout !== undefined) target.Timeout = Timeout;
  if (MemorySize !== undefined) target.MemorySize = MemorySize;
  if (Description !== undefined) target.Description = Description;
  if (Environment !== undefined) target.variables = Environment.Variables;
}

function codeOf(state: FakeState, params: ApiParams): Buffer {
  const { TempCosObjectName, ZipFile } = params['Code'] as { TempCosObjectName?: string; ZipFile?: string };
  if (ZipFile !== undefined) return Buffer.from(ZipFile, 'base64');
  const code = state.objects.get(String(TempCosObjectName));
  if (code === undefined) throw refuse('InvalidParameterValue.Code', `no object ${TempCosObjectName}`);
  return code;
}
