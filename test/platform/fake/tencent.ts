/** A Tencent Cloud with one CloudBase environment, on loopback: it keeps state, records all it is asked, and can fail. */

import { answerCos, COS_HOST } from './cos.ts';
import { ACCESS_HOSTS, answerHttpAccess } from './http-access.ts';
import { startProxy, type HostAnswer, type HostRequest, type Proxy } from './proxy.ts';
import { ApiRefusal, refuse, type ApiParams } from './refusal.ts';
import { ROUTES } from './routes.ts';
import { SCF } from './scf.ts';
import { emptyState, type FakeState } from './state.ts';
import { TCB } from './tcb.ts';

interface RecordedCall {
  host: string;
  /** Of the API; for other hosts the method and the path. */
  action: string;
  params: ApiParams;
  /** The whole request, headers included: to search it for secrets. */
  raw: string;
}

/** Undefined: answer as usual. */
export type Interference = (call: RecordedCall) => ApiRefusal | 'drop' | undefined;

export interface FakeTencent {
  state: FakeState;
  calls: RecordedCall[];
  refusedHosts: Proxy['refused'];
  proxyUrl: string;
  certificate: string;
  /** Asked before every answer. */
  interfere: Interference;
  /** Answers a call of the management API that came by no wire. */
  answerDirectly(service: string, action: string, params: ApiParams): Promise<Record<string, unknown>>;
  /** Plays the document API, `<env>.tcb-api.tencentcloudapi.com`. */
  documents: (request: HostRequest) => Promise<HostAnswer> | HostAnswer;
  close(): Promise<void>;
}

const HOSTS = [
  '*.tencentcloudapi.com',
  '*.tcb-api.tencentcloudapi.com',
  COS_HOST,
  '*.beacon.qq.com',
  ACCESS_HOSTS,
];

export async function startTencent(): Promise<FakeTencent> {
  const fake: FakeTencent = {
    state: emptyState(),
    calls: [],
    refusedHosts: [],
    proxyUrl: '',
    certificate: '',
    interfere: () => undefined,
    answerDirectly: (service, action, params) => answerApi(fake, service, action, params),
    documents: () => ({ status: 500 }),
    close: () => Promise.resolve(),
  };
  const proxy = await startProxy({ hosts: HOSTS, answer: (request) => answerHost(fake, request) });
  return Object.assign(fake, {
    refusedHosts: proxy.refused,
    proxyUrl: proxy.url,
    certificate: proxy.certificate,
    close: proxy.close,
  });
}

async function answerHost(fake: FakeTencent, request: HostRequest): Promise<HostAnswer> {
  const { host, method, url, headers, body } = request;
  const call: RecordedCall = { host, action: `${method} ${url.split('?')[0]}`, params: {}, raw: '' };
  call.raw = `${method} ${url}\n${JSON.stringify(headers)}\n${body.toString('latin1')}`;
  const service = /^(\w+)\.tencentcloudapi\.com$/.exec(host)?.[1];
  if (service !== undefined) {
    call.action = String(headers['x-tc-action']);
    call.params = JSON.parse(body.toString() || '{}') as ApiParams;
  }
  fake.calls.push(call);
  if (host.endsWith('.beacon.qq.com')) return { status: 200, body: '{}' };
  if (host.endsWith(ACCESS_HOSTS.slice(1))) return answerHttpAccess(fake.state, `https://${host}${url}`);
  const interference = fake.interfere(call);
  if (interference === 'drop') return { status: 500, drop: true };
  if (service !== undefined) return toResponse(fake, service, call, headers.authorization, interference);
  if (interference !== undefined)
    return { status: 403, body: `<Error><Code>${interference.code}</Code></Error>` };
  return host === COS_HOST ? answerCos(fake.state, request) : fake.documents(request);
}

async function toResponse(
  fake: FakeTencent,
  service: string,
  { action, params }: RecordedCall,
  authorization: string | undefined,
  interference: ApiRefusal | undefined,
): Promise<HostAnswer> {
  try {
    if (interference !== undefined) throw interference;
    requireAccount(fake.state, authorization);
    return toHttp(await run(fake.state, service, action, params));
  } catch (error) {
    if (!(error instanceof ApiRefusal)) throw error;
    return toHttp({ Error: { Code: error.code, Message: error.message } });
  }
}

/** As manager-node hands it to its caller, and with its errors' shape. */
async function answerApi(
  fake: FakeTencent,
  service: string,
  action: string,
  params: ApiParams,
): Promise<Record<string, unknown>> {
  const call = { host: `${service}.tencentcloudapi.com`, action, params, raw: JSON.stringify(params) };
  fake.calls.push(call);
  const interference = fake.interfere(call);
  if (interference === 'drop') throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
  if (interference !== undefined) throw interference;
  return { ...(await run(fake.state, service, action, params)), RequestId: 'fake-request' };
}

/** By its name alone: which model the parameters are of is known only to the one who sent them. */
type Handler = (state: FakeState, params: ApiParams) => Promise<object> | object;

/** What only the CLI asks for, and no model describes. */
const CLI_ONLY = {
  scf: {
    GetTempCosInfo: () => ({
      Date: '2025-01-01',
      Sign: 'q-sign-algorithm=sha1&q-ak=ak&q-sign-time=1;2&q-key-time=1;2&q-header-list=&q-url-param-list=&q-signature=s',
    }),
  },
  tcb: { DescribeTcbAccountInfo: () => ({ CloudAppId: '1250000000' }) },
};

async function run(state: FakeState, service: string, action: string, params: ApiParams): Promise<object> {
  const known: Record<string, Partial<Record<string, Handler>>> = {
    scf: { ...(SCF as object), ...CLI_ONLY.scf },
    tcb: { ...(TCB as object), ...(ROUTES as object), ...CLI_ONLY.tcb },
  };
  const handler = known[service]?.[action];
  if (handler === undefined) throw refuse('InvalidAction', `the fake has no ${service} ${action}`);
  return handler(state, params);
}

function requireAccount({ secretId }: FakeState, authorization = ''): void {
  if (authorization.includes(`Credential=${secretId}/`)) return;
  throw refuse(
    'AuthFailure.SecretIdNotFound',
    'The SecretId is not found, please ensure that it is correct.',
  );
}

function toHttp(response: object): HostAnswer {
  const body = JSON.stringify({ Response: { ...response, RequestId: 'fake-request' } });
  return { status: 200, headers: { 'content-type': 'application/json' }, body };
}
