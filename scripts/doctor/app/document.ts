/** Whether the stored document can be read. */

import { callOf } from '../../command/call.ts';
import { pick } from '../../command/language.ts';
import type { AppReport } from '../../place/report.ts';
import type { Found } from '../finding.ts';

export function checkDocument({ damaged }: AppReport): Found {
  if (damaged.length === 0)
    return { severity: 'ok', finding: pick({ en: 'every field can be read', zh: '每个字段都可以读' }) };
  return {
    severity: 'problem',
    finding: pick({
      en: `${damaged.join(', ')} can't be read and count as absent`,
      zh: `${damaged.join('、')} 无法读取，按没有处理`,
    }),
    why: pick({ en: 'somebody else has written to this document', zh: '这条记录被别人改动过' }),
    cure: pick({
      en: `${callOf('refresh')} writes it anew; then see who has access to the collection`,
      zh: `请执行 ${callOf('refresh')} 重新写入；然后检查谁有这个集合的权限`,
    }),
  };
}
