/** The words of the refresh history, in every language. */

import { textsOf } from '../../command/language.ts';

type Words = Readonly<Record<string, string>>;

/** A value that has no word here is shown as the code has it, in English. */
export const historyWords = textsOf<{ reasons: Words; outcomes: Words }>({
  // The code's `timer` may have been a tick from outside.
  en: { reasons: { timer: 'tick' }, outcomes: {} },
  zh: {
    reasons: { timer: '触发', reader: '调用方', report: '上报失效', manual: '手动刷新' },
    outcomes: { minted: '已获取', refused: '被拒绝', unknown: '应答丢失', lost: '过晚，作废' },
  },
});
