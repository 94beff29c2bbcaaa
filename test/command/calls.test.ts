/** The commands that our texts name are called as they can be called: by npm in the repository, by npx elsewhere. */

import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { callOf, respell } from '../../scripts/command/call.ts';
import { respellFor } from '../../scripts/command/respell.ts';
import { ROOT } from '../support/cloud.ts';

/** Where the spelling itself is made or known, what the functions say, what runs in the browser, and what place/advice.ts respells. */
const EXEMPT = /^(command\/(call|columns|respell|translate)\.ts|dashboard\/page\/|place\/texts\/troubles\.)/;
const COMMENT = /^\s*(\/\*\*|\*|\/\/)/;
const LITERAL = /npm (run|start)|npx cloudbase-access-token/;

function literals(name: string): string[] {
  const lines = readFileSync(join(ROOT, 'scripts', name), 'utf8').split('\n');
  return lines.filter((line) => !COMMENT.test(line) && LITERAL.test(line)).map((line) => `${name}: ${line}`);
}

it('no text of scripts/ spells a command by hand', () => {
  const names = readdirSync(join(ROOT, 'scripts'), { recursive: true, encoding: 'utf8' });
  const sources = names.filter((name) => name.endsWith('.ts') && !EXEMPT.test(name));
  expect(sources.length).toBeGreaterThan(200);
  expect(sources.flatMap(literals)).toEqual([]);
});

describe('what a function tells, in a command', () => {
  const told = 'misconfigured: run npm run deploy, or npm run refresh -- --leaked';

  it('is unchanged in the repository', () => {
    expect(respell(told)).toBe(told);
    expect(respell(callOf('refresh', '--leaked'), '--local')).toBe('npm run refresh -- --local --leaked');
  });

  it('is called by npx where the package is installed', () => {
    expect(respellFor(true, told)).toBe(
      'misconfigured: run npx cloudbase-access-token deploy, or npx cloudbase-access-token refresh --leaked',
    );
    expect(respellFor(true, 'npx cloudbase-access-token doctor', '--local')).toBe(
      'npx cloudbase-access-token doctor --local',
    );
  });
});
