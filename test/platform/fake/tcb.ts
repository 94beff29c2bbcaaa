/** Tencent's CloudBase API: environments, collections and their access, the function security rule. */

import { refuse, type ApiParams } from './refusal.ts';
import type { FakeState } from './state.ts';

type Handler = (state: FakeState, params: ApiParams) => object;

export const TCB: Record<string, Handler> = {
  DescribeEnvs(state, { EnvId }) {
    const isFound = EnvId === undefined || EnvId === state.envId;
    return { EnvList: isFound ? [describeEnv(state)] : [] };
  },
  DescribeTcbAccountInfo: () => ({ CloudAppId: '1250000000' }),
  ListTables(state, params) {
    requireDatabase(state, params);
    const offset = Number(params['MgoOffset']);
    const names = [...state.collections.keys()].slice(offset, offset + Number(params['MgoLimit']));
    return {
      Tables: names.length === 0 ? null : names.map((TableName) => ({ TableName })),
      Pager: { Total: state.collections.size },
    };
  },
  CreateTable(state, params) {
    requireDatabase(state, params);
    const name = String(params['TableName']);
    if (state.collections.has(name)) throw refuse('ResourceInUse', `${name} exists`);
    // As CloudBase makes them: open to whoever writes.
    state.collections.set(name, 'PRIVATE');
    return {};
  },
  DeleteTable(state, params) {
    requireDatabase(state, params);
    state.collections.delete(String(params['TableName']));
    return {};
  },
  DescribeDatabaseACL: (state, params) => ({ AclTag: state.collections.get(existing(state, params)) }),
  ModifyDatabaseACL(state, params) {
    state.collections.set(existing(state, params), String(params['AclTag']));
    return {};
  },
  DescribeSecurityRule: (state) => state.rule ?? { AclTag: '', Rule: '' },
  ModifySecurityRule(state, params) {
    const Rule = String(params['Rule']);
    const entries = JSON.parse(Rule) as Record<string, unknown>;
    if (!('*' in entries)) throw refuse('InvalidParameter', 'the rule must have the key *');
    state.rule = { AclTag: String(params['AclTag']), Rule };
    return {};
  },
};

function describeEnv({ envId }: FakeState): object {
  return {
    EnvId: envId,
    Status: 'NORMAL',
    Functions: [{ Namespace: envId, Region: 'ap-shanghai' }],
    Databases: [{ InstanceId: 'tnt-fake', Status: 'RUNNING' }],
  };
}

function requireDatabase(state: FakeState, params: ApiParams): void {
  const { DatabaseName, InstanceId } = (params['MongoConnector'] ?? {}) as Record<string, unknown>;
  if (params['EnvId'] === state.envId && DatabaseName === 'tnt-fake' && InstanceId === 'flexdb') return;
  throw refuse('InvalidParameter', 'no such database');
}

function existing(state: FakeState, params: ApiParams): string {
  const name = String(params['CollectionName']);
  if (!state.collections.has(name)) throw refuse('ResourceNotFound', `no collection ${name}`);
  return name;
}
