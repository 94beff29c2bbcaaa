/**
 * The actions of Tencent's API that may be sent, with the official models of what goes out and what comes back:
 * types only, nothing of these packages is loaded.
 */

import type {
  DescribeEnvInfoParams,
  DescribeEnvInfoResponse,
  EnvBaseInfo,
} from '@cloudbase/manager-node/types/interfaces/tcb.interface';
import type { Client as Scf } from 'tencentcloud-sdk-nodejs/tencentcloud/services/scf/v20180416/scf_client';
import type { Trigger } from 'tencentcloud-sdk-nodejs/tencentcloud/services/scf/v20180416/scf_models';
import type { Client as Tcb } from 'tencentcloud-sdk-nodejs/tencentcloud/services/tcb/v20180608/tcb_client';

/** `tcb` and `scf` are Tencent's names for CloudBase and its functions. */
export type Service = keyof Actions;

interface Actions {
  tcb: Modelled<Tcb> & Unpublished['tcb'];
  scf: Modelled<Scf> & Unpublished['scf'];
}

export type ActionOf<S extends Service> = keyof Actions[S] & string;

export type RequestOf<S extends Service, A extends ActionOf<S>> = Actions[S][A] extends [infer R, unknown]
  ? R
  : never;

/** Every field may be missing or null, whatever the model says, and no leaf is of its type before it is checked. */
export type AnswerOf<S extends Service, A extends ActionOf<S>> = Actions[S][A] extends [unknown, infer T]
  ? Fields<T>
  : never;

/** As a platform that keeps to the models would send it. */
export type ModelOf<S extends Service, A extends ActionOf<S>> = Actions[S][A] extends [unknown, infer T]
  ? Nullable<T>
  : never;

/** The methods of an official client; actions begin with a capital letter, and what the client inherits does not. */
type Modelled<Client> = {
  [A in keyof Client as A extends string ? (A extends Capitalize<A> ? A : never) : never]: Client[A] extends (
    request: infer R,
    callback?: never,
  ) => Promise<infer T>
    ? [R, T]
    : never;
};

export type Call = <S extends Service, A extends ActionOf<S>>(
  service: S,
  action: A,
  params: RequestOf<S, A>,
) => Promise<AnswerOf<S, A>>;

type Fields<T> = {
  [K in keyof T]?: T[K] extends readonly (infer E)[] | undefined ? readonly Entry<E>[] | null : Entry<T[K]>;
};
type Entry<T> = NonNullable<T> extends object ? Fields<NonNullable<T>> | null : unknown;

type Nullable<T> = T extends readonly (infer E)[]
  ? Nullable<E>[]
  : T extends object
    ? { [K in keyof T]?: Nullable<T[K]> | null }
    : T;

/** Actions that the models leave out; what is said of them comes from where the comments say. */
interface Unpublished {
  tcb: {
    /** https://docs.cloudbase.net/cloud-function/v2 names `Backend` (read 2026-11-28); the rest is manager-node's type. */
    DescribeEnvInfo: [DescribeEnvInfoParams, EnvInfoAnswer];
    /** The action of the console; its fields are those that the CLI 2 and the Go SDK send. */
    DescribeSecurityRule: [{ EnvId: string; ResourceType: 'FUNCTION' }, { AclTag?: string; Rule?: string }];
    ModifySecurityRule: [
      { EnvId: string; ResourceType: 'FUNCTION'; AclTag: string; Rule: string },
      { RequestId?: string },
    ];
  };
  scf: {
    /** As `tcb fn deploy` 2.12.10 sends it. */
    BatchCreateTrigger: [
      { FunctionName: string; Namespace: string; Triggers: string; Count: number },
      { ErrorMsg?: string; ReturnCode?: number; Triggers?: Trigger[] },
    ];
  };
}

type EnvInfoAnswer = Omit<DescribeEnvInfoResponse, 'EnvInfo'> & {
  EnvInfo?: Omit<NonNullable<DescribeEnvInfoResponse['EnvInfo']>, 'EnvBaseInfo'> & {
    EnvBaseInfo?: Omit<EnvBaseInfo, 'Functions'> & {
      Functions?: { Namespace?: string; Region?: string; Backend?: string }[];
    };
  };
};
