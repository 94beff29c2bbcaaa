/** What of a deployed function differs from what this checkout would make. */

import { pick } from '../../command/language.ts';
import type { FunctionState } from '../../platform/environment.ts';
import { UNFINISHED } from '../from-here.ts';
import { isSettled } from '../site.ts';
import { CODE_MARK, type WantedFunction } from '../wanted.ts';

export function codeDifferences(state: FunctionState, wanted: WantedFunction, isUploaded: boolean): string[] {
  const { status, timeout, memorySize, handler, description, variables } = state;
  const isMarked = variables.get(CODE_MARK) === wanted.variables.get(CODE_MARK);
  return [
    status === 'Active' || !isSettled(state) ? '' : describeStatus(state),
    isUploaded || isMarked
      ? ''
      : pick({
          en: 'other code or settings, or uploaded by other means',
          zh: '代码或配置不同，或者是用其他方式上传的',
        }),
    description === UNFINISHED ? pick({ en: 'an upload was interrupted', zh: '上一次上传中断了' }) : '',
    timeout === wanted.timeout
      ? ''
      : pick({
          en: `timeout ${timeout} s instead of ${wanted.timeout} s`,
          zh: `超时时间是 ${timeout} 秒，应为 ${wanted.timeout} 秒`,
        }),
    memorySize === wanted.memorySize
      ? ''
      : pick({
          en: `memory ${memorySize} MB instead of ${wanted.memorySize} MB`,
          zh: `内存是 ${memorySize} MB，应为 ${wanted.memorySize} MB`,
        }),
    handler === wanted.handler
      ? ''
      : pick({
          en: `handler ${handler} instead of ${wanted.handler}`,
          zh: `执行方法是 ${handler}，应为 ${wanted.handler}`,
        }),
  ].filter(Boolean);
}

export function describeStatus({ status, statusReason }: FunctionState): string {
  return pick({
    en: `is ${status}${statusReason === undefined ? '' : ` (${statusReason})`}`,
    zh: `的状态是 ${status}${statusReason === undefined ? '' : `（${statusReason}）`}`,
  });
}
