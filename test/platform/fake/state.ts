/** One CloudBase environment, as far as a deployment can see and change it. */

interface FakeTrigger {
  TriggerName: string;
  Type: string;
  TriggerDesc: string;
  Enable: number;
}

export interface FakeFunction {
  FunctionName: string;
  Runtime: string;
  Handler: string;
  Timeout: number;
  MemorySize: number;
  Description: string;
  ModTime: string;
  Status: string;
  /** Whether the account pays for it. */
  AvailableStatus: string;
  /** Polls during which it is still `Updating`. */
  busyPolls: number;
  variables: { Key: string; Value: string }[];
  triggers: FakeTrigger[];
  /** The zip that was uploaded last. */
  code: Buffer;
  uploads: number;
}

interface FakeRoute {
  Path: string;
  UpstreamResourceType: string;
  UpstreamResourceName: string;
  EnableAuth: boolean;
  Enable: boolean;
}

export interface FakeDomain {
  Domain: string;
  DomainType: string;
  IsDefault: boolean;
  Enable: boolean;
  Routes: FakeRoute[];
}

export interface FakeState {
  envId: string;
  /** Which functions it runs; undefined: an environment of before V2, which doesn't tell. */
  backend: string | undefined;
  /** What it keeps documents in. */
  database: 'documents' | 'postgres' | 'none';
  /** Of its bill. */
  bill: string;
  /** The one account that may do anything. */
  secretId: string;
  secretKey: string;
  functions: Map<string, FakeFunction>;
  retries: Map<string, { MsgTTL: number; RetryConfig: { RetryNum: number }[] }>;
  /** Collection → its access tag. */
  collections: Map<string, string>;
  rule: { AclTag: string; Rule: string } | null;
  /** HTTP access. */
  domains: FakeDomain[];
  /** COS key → what was put there. */
  objects: Map<string, Buffer>;
  /** What Invoke answers; a function that throws answers with `failure`. */
  invoke(name: string, event: object): Promise<{ result: unknown } | { failure: string }>;
}

export function emptyState(): FakeState {
  let refreshes = 0;
  return {
    envId: 'test-env-1a2b3c',
    backend: undefined,
    database: 'documents',
    bill: 'NORMAL',
    secretId: 'AKIDfake000000000000000000000000000',
    secretKey: 'fakeSecretKey0000000000000000000',
    functions: new Map(),
    retries: new Map(),
    // As an environment with other projects in it has them.
    collections: new Map([['orders', 'PRIVATE']]),
    rule: null,
    domains: [
      // As its static hosting has one, too, which leads nowhere else.
      domainOf('test-env-1a2b3c-1250000000.tcloudbaseapp.com', { DomainType: 'STATIC_STORE' }),
      domainOf(DOMAIN, {
        Routes: [
          {
            Path: '/shop',
            UpstreamResourceType: 'SCF',
            UpstreamResourceName: 'shop',
            EnableAuth: false,
            Enable: true,
          },
        ],
      }),
    ],
    objects: new Map(),
    async invoke(name, event) {
      if (name === 'accessTokenHttp') return { result: refusalOf(event) };
      if (name !== 'refreshAccessToken') return { result: { errcode: 403, errmsg: 'caller not allowed' } };
      const action = refreshes++ === 0 ? 'refreshed' : 'fresh';
      const result = {
        appid: 'wxfake',
        action,
        errcode: 0,
        errmsg: 'ok',
        expires_in: 6900,
        refresh_in: 6600,
      };
      return { result: { errcode: 0, errmsg: 'ok', results: [result] } };
    },
  };
}

/** The default domain of the environment. */
export const DOMAIN = 'test-env-1a2b3c-1250000000.ap-shanghai.app.tcloudbase.com';

export function domainOf(Domain: string, changes: Partial<FakeDomain> = {}): FakeDomain {
  return { Domain, DomainType: 'HTTPSERVICE', IsDefault: true, Enable: true, Routes: [], ...changes };
}

/** As the door answers a stranger. */
function refusalOf(event: object): object {
  const { secret } = (event as { queryStringParameters: { secret?: string } }).queryStringParameters;
  const errcode = secret === undefined ? 41004 : 40125;
  return { isBase64Encoded: false, statusCode: 200, body: JSON.stringify({ errcode, errmsg: 'refused' }) };
}

/** As it stands after `tcb fn deploy` of a function somewhere else. */
export function someFunction(name: string, changes: Partial<FakeFunction> = {}): FakeFunction {
  return {
    FunctionName: name,
    Runtime: 'Nodejs20.19',
    Handler: 'index.main',
    Timeout: 20,
    MemorySize: 256,
    Description: '',
    ModTime: '2026-11-28 10:00:00',
    Status: 'Active',
    AvailableStatus: 'Available',
    busyPolls: 0,
    variables: [],
    triggers: [],
    code: Buffer.alloc(0),
    uploads: 0,
    ...changes,
  };
}
