/** Tencent's CloudBase API: environments, collections and their access, the function security rule. */

import type { Handlers, TcbAnswer } from './models.ts';
import { refuse } from './refusal.ts';
import type { FakeState } from './state.ts';

export const TCB: Handlers<'tcb'> = {
  DescribeEnvs(state, { EnvId }): TcbAnswer<'DescribeEnvs'> {
    const isFound = EnvId === undefined || EnvId === state.envId;
    return { EnvList: isFound ? [describeEnv(state)] : [] };
  },
  DescribeEnvInfo(state, { EnvId }): TcbAnswer<'DescribeEnvInfo'> {
    if (EnvId !== state.envId) return { EnvInfo: null };
    const { Functions, Databases = null, Status = null } = describeEnv(state);
    const backend = state.backend === undefined ? {} : { Backend: state.backend };
    const functions = (Functions ?? []).map((one) => Object.assign({}, one, backend));
    return { EnvInfo: { EnvBaseInfo: { EnvId, Status, Databases, Functions: functions } } };
  },
  DescribeBillingInfo(state, { EnvId }): TcbAnswer<'DescribeBillingInfo'> {
    if (EnvId !== state.envId) return { EnvBillingInfoList: [] };
    return { EnvBillingInfoList: [{ EnvId, Status: state.bill, ExpireTime: '2027-06-30 00:00:00' }] };
  },
  ListTables(state, params): TcbAnswer<'ListTables'> {
    requireDatabase(state, params);
    const { MgoOffset: offset = 0, MgoLimit: limit } = params;
    const names = [...state.collections.keys()].slice(offset, offset + limit);
    return {
      Tables: names.length === 0 ? null : names.map((TableName) => ({ TableName })),
      Pager: { Total: state.collections.size },
    };
  },
  CreateTable(state, params) {
    requireDatabase(state, params);
    const { TableName: name, PermissionInfo } = params;
    if (state.collections.has(name)) throw refuse('ResourceInUse', `${name} exists`);
    // As CloudBase makes them where nothing is said: open to whoever writes.
    state.collections.set(name, PermissionInfo?.AclTag ?? 'PRIVATE');
    return {};
  },
  DeleteTable(state, params) {
    requireDatabase(state, params);
    state.collections.delete(params.TableName);
    return {};
  },
  DescribeDatabaseACL(state, params): TcbAnswer<'DescribeDatabaseACL'> {
    return { AclTag: state.collections.get(existing(state, params)) ?? null };
  },
  ModifyDatabaseACL(state, params) {
    state.collections.set(existing(state, params), params.AclTag ?? '');
    return {};
  },
  DescribeSecurityRule: (state): TcbAnswer<'DescribeSecurityRule'> => state.rule ?? { AclTag: '', Rule: '' },
  ModifySecurityRule(state, { AclTag, Rule }) {
    const entries = JSON.parse(Rule) as Record<string, unknown>;
    if (!('*' in entries)) throw refuse('InvalidParameter', 'the rule must have the key *');
    state.rule = { AclTag, Rule };
    return {};
  },
};

type Env = NonNullable<NonNullable<TcbAnswer<'DescribeEnvs'>['EnvList']>[number]>;

function describeEnv({ envId, database }: FakeState): Env {
  return {
    EnvId: envId,
    Status: 'NORMAL',
    Functions: [{ Namespace: envId, Region: 'ap-shanghai' }],
    Databases: database === 'documents' ? [{ InstanceId: 'tnt-fake', Status: 'RUNNING' }] : null,
    PostgreSQL: database === 'postgres' ? [{ InstanceName: 'pg-fake', Name: 'postgres' }] : [],
  };
}

/** What calls about collections say of the database. */
interface Target {
  EnvId?: string;
  MongoConnector?: { DatabaseName?: string; InstanceId?: string };
}

function requireDatabase({ envId, database }: FakeState, { EnvId, MongoConnector }: Target): void {
  const { DatabaseName, InstanceId } = MongoConnector ?? {};
  const isThere = database === 'documents' && EnvId === envId;
  if (isThere && DatabaseName === 'tnt-fake' && InstanceId === 'flexdb') return;
  throw refuse('InvalidParameter', 'no such database');
}

function existing(state: FakeState, { CollectionName: name = '' }: { CollectionName?: string }): string {
  if (!state.collections.has(name)) throw refuse('ResourceNotFound', `no collection ${name}`);
  return name;
}
