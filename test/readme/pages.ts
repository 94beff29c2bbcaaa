/** The documents of the repository, read once, and what a test asks of them. */

import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../support/cloud.ts';
import { readPage, type Page } from './markdown.ts';

export const pages = {
  english: readPage('README.md'),
  chinese: readPage('README.zh-CN.md'),
  tickets: readPage('docs/tickets.md'),
  ticketsInChinese: readPage('docs/tickets.zh-CN.md'),
  calling: readPage('docs/calling.md'),
  callingInChinese: readPage('docs/calling.zh-CN.md'),
  configuration: readPage('docs/configuration.md'),
  configurationInChinese: readPage('docs/configuration.zh-CN.md'),
  embeddedCloud: readPage('docs/embedded-cloud.md'),
  embeddedCloudInChinese: readPage('docs/embedded-cloud.zh-CN.md'),
  contributing: readPage('CONTRIBUTING.md'),
  changelog: readPage('CHANGELOG.md'),
  operations: readPage('docs/operations.md'),
  operationsInChinese: readPage('docs/operations.zh-CN.md'),
  reliability: readPage('docs/reliability.md'),
  reliabilityInChinese: readPage('docs/reliability.zh-CN.md'),
  security: readPage('SECURITY.md'),
  securityInChinese: readPage('SECURITY.zh-CN.md'),
  rules: readPage('docs/rules.md'),
  benchmarks: readPage('docs/benchmarks.md'),
  decisionIndex: readPage('docs/decisions/README.md'),
  decisions: readdirSync(join(ROOT, 'docs/decisions'))
    .filter((name) => /^\d/.test(name))
    .map((name) => readPage(`docs/decisions/${name}`)),
};

export const allPages: Page[] = Object.values(pages).flat();

/** The lines of all fenced shell commands, without comments. */
export function commandsOf({ fences }: Page): string[] {
  return fences
    .filter(({ language }) => language === 'sh')
    .flatMap(({ text }) => text.split('\n'))
    .map((line) => line.replace(/(^|\s+)# .*$/, '').trim())
    .filter((line) => line !== '');
}

export function jsonUnder({ fences }: Page, title: string): Record<string, unknown>[] {
  return fences
    .filter(({ language, section }) => language === 'json' && section === title)
    .map(({ text }) => JSON.parse(text) as Record<string, unknown>);
}

interface Declared {
  name: string;
  envVariables: Record<string, string>;
}

/** The functions that a file declares: cloudbaserc.json has those that are always deployed. */
export function declared(file = 'cloudbaserc.json'): Declared[] {
  const text = readFileSync(join(ROOT, file), 'utf8');
  return (JSON.parse(text) as { functions: Declared[] }).functions;
}
