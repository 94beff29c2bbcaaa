/** Where Yarn's Plug'n'Play keeps the packages, the CLI is started with Yarn's hook first: without it nothing finds them. */

import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { hooksOf } from '../../scripts/platform/tcb-cli.ts';

const start = (flags: readonly string[]): string =>
  execFileSync(process.execPath, [...flags, '-p', 'globalThis.isHooked'], { encoding: 'utf8' }).trim();

it('with Plug’n’Play it loads Yarn’s hook first, in a path with a space, and else only ours', () => {
  const hook = join(mkdtempSync(join(tmpdir(), 'plug n play-')), '.pnp.cjs');
  writeFileSync(hook, 'globalThis.isHooked = true;');
  const asked: string[] = [];
  const flags = hooksOf({ ...process.versions, pnp: '3' }, (id) => (asked.push(id), hook));
  expect([asked, start(flags)]).toEqual([['pnpapi'], 'true']);
  expect(flags.slice(2)).toEqual(hooksOf(process.versions));
  expect(start(hooksOf(process.versions))).toBe('undefined');
});
