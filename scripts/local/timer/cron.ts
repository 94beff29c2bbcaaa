/** CloudBase's cron dialect: 7 fields (second minute hour day month weekday year), read in UTC+8 wherever this runs. */

import { Cron } from 'croner';
import { pick } from '../../command/language.ts';

/** Both day and weekday set means either of them, as on the platform. */
const DIALECT = {
  mode: '7-part',
  timezone: 'Asia/Shanghai',
  legacyMode: true,
  // CloudBase accepts `5/10`: from 5 on, every 10.
  sloppyRanges: true,
  paused: true,
} as const;

/** The first instant strictly after `afterMs` (whole seconds), or undefined when the year field has passed. */
export function nextAtMs(config: string, afterMs: number): number | undefined {
  return parse(config).nextRun(new Date(afterMs))?.getTime();
}

/** What is wrong with a trigger of this project, in one line; undefined when nothing is. */
export function lintCron(config: string): string | undefined {
  const fields = config.trim().split(/\s+/);
  if (fields.length !== 7) {
    return pick({
      en: `"${config}" has ${fields.length} fields; CloudBase wants 7: second minute hour day month weekday year`,
      zh: `"${config}" 有 ${fields.length} 个字段；云开发需要 7 个：秒 分 时 日 月 星期 年`,
    });
  }
  if (!/^\d{1,2}$/.test(fields[0] ?? '')) {
    return pick({
      en: `"${config}" starts with "${fields[0]}"; the seconds field must be one number, or it fires many times a minute`,
      zh: `"${config}" 以 "${fields[0]}" 开头；秒字段必须是一个数字，否则一分钟会触发多次`,
    });
  }
  try {
    parse(config);
    return undefined;
  } catch (error) {
    return `"${config}": ${error instanceof Error ? error.message : String(error)}`;
  }
}

const parsed = new Map<string, Cron>();

/** Parsing costs more than asking, and every poll asks. A cron expression never changes its meaning. */
function parse(config: string): Cron {
  const known = parsed.get(config) ?? new Cron(config, DIALECT);
  parsed.set(config, known);
  return known;
}
