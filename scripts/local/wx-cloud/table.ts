/** The table of docs/embedded-cloud.md: what `wx.cloud` has on a phone and not here. */

import { markdownTable } from 'markdown-table';
import { NOT_HERE } from './not-here.ts';

export function miniProgramTable(): string {
  const rows = Object.entries(NOT_HERE).map(([name, why]) => [`\`${name}\``, `no: ${why}`]);
  return markdownTable([['call of a mini program', 'here'], ...rows]);
}
