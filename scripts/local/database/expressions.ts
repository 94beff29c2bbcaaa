/** Expressions of an aggregation that mingo lacks, or in which it differs from MongoDB. */

import { evalExpr } from 'mingo/core';
import * as mingo from 'mingo/operators/expression';
import { isDocument } from './document.ts';

type Arguments = Parameters<typeof mingo.$week>;
type Expression = (...given: Arguments) => unknown;

/** Weeks begin on Sundays; the days before the first one are week 0. */
const $week = (...given: Arguments): number =>
  Math.floor((mingo.$dayOfYear(...given) + 7 - mingo.$dayOfWeek(...given)) / 7);

/** The first days of January may belong to the year before, the last of December to the year after. */
const $isoWeekYear = (...given: Arguments): number => {
  const [year, month, week] = [mingo.$year(...given), mingo.$month(...given), mingo.$isoWeek(...given)];
  if (month === 1 && week >= 52) return year - 1;
  return month === 12 && week === 1 ? year + 1 : year;
};

/** The two marks whose numbers mingo gets wrong are filled in first. */
const $dateToString: Expression = (document, expression, options) => {
  const { format, date, timezone } = isDocument(expression) ? expression : {};
  const isAbsent = (evalExpr(document, date, options) ?? null) === null;
  if (typeof format !== 'string' || !/%[UG]/.test(format) || isAbsent)
    return mingo.$dateToString(document, expression, options);
  const when = timezone === undefined ? date : { date, timezone };
  const numbers: Record<string, () => string> = {
    '%U': () => String($week(document, when, options)).padStart(2, '0'),
    '%G': () => String($isoWeekYear(document, when, options)).padStart(4, '0'),
  };
  const filled = format.replace(/%./g, (mark) => numbers[mark]?.() ?? mark);
  return mingo.$dateToString(document, { date, timezone, format: filled }, options);
};

const $indexOfCP = indexOf('$indexOfCP', (text) => Array.from(text));
const $indexOfBytes = indexOf('$indexOfBytes', (text) => [...Buffer.from(text)]);

/** A place is a number of `units`: code points or bytes. */
function indexOf(name: string, units: (text: string) => readonly (string | number)[]): Expression {
  return (document, expression, options) => {
    const [text, wanted, from = 0, to] = evalExpr(document, expression, options) as unknown[];
    if (text === null || text === undefined) return null;
    if (typeof text !== 'string' || typeof wanted !== 'string')
      throw new TypeError(`${name} requires a string as the first and the second argument`);
    const all = units(text);
    const part = units(wanted);
    const end = Math.min(Number(to ?? all.length), all.length) - part.length;
    for (let i = Number(from); i <= end; i += 1) if (part.every((unit, k) => all[i + k] === unit)) return i;
    return -1;
  };
}

/** A negative length means the rest, and a length beyond the end means that, too. */
const $substrBytes: Expression = (document, expression, options) => {
  const [text, from, length] = evalExpr(document, expression, options) as [unknown, number, number];
  if (text === null || text === undefined) return '';
  const bytes = Buffer.from(typeof text === 'string' ? text : JSON.stringify(text));
  if (!Number.isInteger(from) || from < 0)
    throw new TypeError('$substrBytes: the index must be a non-negative integer');
  const end = length < 0 ? bytes.length : Math.min(from + length, bytes.length);
  for (const edge of [from, end])
    if (isInsideCharacter(bytes[edge]))
      throw new TypeError('$substrBytes: Invalid range, in the middle of a UTF-8 character.');
  return bytes.subarray(from, end).toString();
};

const isInsideCharacter = (byte: number | undefined): boolean =>
  byte !== undefined && byte >= 0x80 && byte < 0xc0;

export const expressions = {
  ...mingo,
  $dateToString,
  $indexOfBytes,
  $indexOfCP,
  $isoWeekYear,
  $substr: $substrBytes,
  $substrBytes,
  $week,
};
