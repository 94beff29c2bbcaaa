/** What the user's own cloudbaserc.json says of his environment: he has written it down once. */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'jsonc-parser';

/** As variables; those that the file leaves to a variable are not there. A file that can't be read says nothing. */
export function readProject(root: string): Record<string, string> {
  const file = join(root, 'cloudbaserc.json');
  if (!existsSync(file)) return {};
  // Comments and all: it is the CLI that judges the file.
  const config: unknown = parse(readFileSync(file, 'utf8').replace(/^\uFEFF/, ''));
  if (typeof config !== 'object' || config === null) return {};
  const { envId, region } = config as { envId?: unknown; region?: unknown };
  const full = typeof region === 'string' ? (REGIONS[region] ?? region) : region;
  return { ...literal('TCB_ENV_ID', envId), ...literal('TCB_REGION', full) };
}

/** As the CLI 2.12.10 spells them out. */
const REGIONS: Readonly<Record<string, string>> = {
  gz: 'ap-guangzhou',
  bj: 'ap-beijing',
  sh: 'ap-shanghai',
  nj: 'ap-nanjing',
  cd: 'ap-chengdu',
  cq: 'ap-chongqing',
};

function literal(name: string, value: unknown): Record<string, string> {
  return typeof value === 'string' && value.trim() !== '' && !value.includes('{{')
    ? { [name]: value.trim() }
    : {};
}
