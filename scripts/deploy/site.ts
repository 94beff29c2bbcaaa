/** What every step of a deployment works on. */

import { pick } from '../command/language.ts';
import { callOf } from '../command/call.ts';
import type { TickSource } from '../../functions/_shared/runtime/config.ts';
import type { Environment, FunctionState } from '../platform/environment.ts';
import { PlatformError } from '../platform/errors.ts';
import type { RequestOf } from '../platform/models.ts';
import type { TakeOver } from './backup.ts';
import type { OutsideParts } from './outside/parts.ts';
import type { Upload } from './upload.ts';
import type { WantedFunction } from './wanted.ts';

export interface Site {
  environment: Environment;
  wanted: readonly WantedFunction[];
  /** Where ticks are meant to come from. */
  ticks: TickSource;
  upload: Upload;
  /** Asked for only where a server needs the door. */
  outside(): Promise<OutsideParts>;
  /** Only where what is not from here may be replaced. */
  takeOver?: TakeOver;
  sleep(durationMs: number): Promise<void>;
  /** One GET from outside, as a server elsewhere would send it. Rejects where nobody answers. */
  get(address: string): Promise<HttpAnswer>;
}

export interface HttpAnswer {
  status: number;
  body: string;
}

const BETWEEN_POLLS_MS = 1_000;
const MOST_POLLS = 90;

/** The platform refuses to change or call a function that it is still changing. */
export async function whenActive(
  { environment, sleep }: Pick<Site, 'environment' | 'sleep'>,
  name: string,
): Promise<FunctionState> {
  for (let poll = 1; ; poll++) {
    const state = await environment.describeFunction(name);
    if (state === null) {
      throw new PlatformError(pick({ en: `${name} is not there any more`, zh: `${name} 已经不存在` }), {
        code: 'FUNCTION_GONE',
        cure: pick({
          en: `somebody may have removed it just now: run ${callOf('deploy')} again`,
          zh: `可能刚刚被人删除：请再执行 ${callOf('deploy')}`,
        }),
      });
    }
    if (isSettled(state)) return state;
    if (poll === MOST_POLLS) {
      throw new PlatformError(
        pick({
          en: `${name} has been ${state.status} for ${MOST_POLLS} s`,
          zh: `${name} 处于 ${state.status} 状态已有 ${MOST_POLLS} 秒`,
        }),
        {
          code: 'FUNCTION_BUSY',
          cure: pick({
            en: `wait until it is Active in the console, then run ${callOf('deploy')} again`,
            zh: `请在控制台等它变为 Active，再执行 ${callOf('deploy')}`,
          }),
        },
      );
    }
    await sleep(BETWEEN_POLLS_MS);
  }
}

/** `Creating`, `Updating`, `Publishing` … pass by themselves; `Active` and the failed ones stay. */
export function isSettled({ status }: FunctionState): boolean {
  return status !== '' && !status.endsWith('ing');
}

type Changes = Omit<RequestOf<'scf', 'UpdateFunctionConfiguration'>, 'FunctionName' | 'Namespace'>;

export async function changeFunction(site: Site, name: string, changes: Changes): Promise<void> {
  await whenActive(site, name);
  const { namespace } = await site.environment.describe();
  const params = { FunctionName: name, Namespace: namespace, ...changes };
  await site.environment.call('scf', 'UpdateFunctionConfiguration', params);
  await whenActive(site, name);
}
