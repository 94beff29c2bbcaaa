/** What kind an environment is of, and whether this project is known to work in it. */

import { names, phrases, pick, type Text } from '../command/language.ts';
import { callOf } from '../command/call.ts';
import type { EnvironmentInfo } from './environment.ts';
import { PlatformError } from './errors.ts';

/**
 * Environments of WeChat DevTools have functions V1 and the document database, in all likelihood.
 * https://docs.cloudbase.net/quick-start/env-overview (read 2026-11-28)
 */
export const ANOTHER_WAY: Text = {
  en: `deploy to an environment that has them, such as one made in WeChat DevTools; functions elsewhere get the token from there by the outside door (${callOf('server-key', 'add NAME')})`,
  zh: `请改用具备这些能力的环境，例如在微信开发者工具里创建的；其他环境的云函数可以通过外部入口从那里获取 token（${callOf('server-key', 'add NAME')}）`,
};

export function describeKind({ backend, isPostgres, databaseId }: EnvironmentInfo): string {
  const functions = isV1(backend)
    ? pick({ en: 'functions V1', zh: 'V1 云函数' })
    : pick({ en: `functions V2 (${backend})`, zh: `V2 云函数（${backend}）` });
  const database = isPostgres
    ? 'PostgreSQL'
    : databaseId === null
      ? pick({ en: 'no database', zh: '没有数据库' })
      : pick({ en: 'document database', zh: '文档型数据库' });
  return names([functions, database]);
}

/** Undefined: this project is made for such an environment. */
export function whyUnsupported(info: EnvironmentInfo): PlatformError | undefined {
  const missing = [
    ...(isV1(info.backend) ? [] : [pick(NO_V1)]),
    ...(info.isPostgres ? [pick(POSTGRES)] : info.databaseId === null ? [pick(NO_DOCUMENTS)] : []),
  ];
  if (missing.length === 0) return undefined;
  return new PlatformError(
    pick({
      en: `the environment ${info.envId} is of a kind (${describeKind(info)}) that this project has never run in: ${phrases(missing)}`,
      zh: `本项目从未在这类环境中运行过（${info.envId}：${describeKind(info)}）：${phrases(missing)}`,
    }),
    {
      code: 'UNSUPPORTED_ENVIRONMENT',
      cure: pick({
        en: `nothing has been changed; ${pick(ANOTHER_WAY)}`,
        zh: `没有改动任何内容；${pick(ANOTHER_WAY)}`,
      }),
    },
  );
}

/** https://docs.cloudbase.net/cloud-function/v2 (read 2026-11-28). */
const NO_V1 = {
  en: 'functions V2 have no timer trigger yet and no automatic database keys, and what they tell of a caller is unknown',
  zh: 'V2 云函数还没有定时触发器，也不自动提供数据库密钥，调用来源以何种形式给出也不清楚',
};
/** https://docs.cloudbase.net/database/postgresql/pg-doc (read 2026-11-28). */
const POSTGRES = {
  en: 'PostgreSQL stands in for the document database, and whether its plugin compares and swaps as ours must is untested',
  zh: 'PostgreSQL 代替了文档型数据库，它的插件能否按要求做比较并交换（CAS）还没有测试过',
};
const NO_DOCUMENTS = {
  en: 'it has no document database to keep the token in, and the console opens none in it any more',
  zh: '没有可以存放 token 的文档型数据库，控制台也不再提供开通',
};

function isV1(backend: string): boolean {
  return backend === 'scf';
}
