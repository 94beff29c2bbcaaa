/** The table of events and fields in docs/operations.md is that of the code, in both languages. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createLog } from '../../functions/_shared/runtime/log.ts';
import { pages } from '../readme/pages.ts';
import { ROOT } from '../support/cloud.ts';

const FUNCTIONS = join(ROOT, 'functions');

const sources = readdirSync(FUNCTIONS, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => readFileSync(join(FUNCTIONS, name), 'utf8'));

/** `log('event', …)`, and the two events of `log(isThis ? 'one' : 'other', …)`. */
const events = new Set<string>();
for (const source of sources) {
  for (const [, first = ''] of source.matchAll(/\blog\(\s*([^,]+),/g)) {
    for (const [, event = ''] of first.matchAll(/'([a-z_]+)'/g)) events.add(event);
  }
}

const allowed = /const FIELDS = new Set\(\[([^\]]*)\]/.exec(
  readFileSync(join(FUNCTIONS, '_shared/runtime/log.ts'), 'utf8'),
)?.[1];
const fields = [...(allowed ?? '').matchAll(/'(\w+)'/g)].map(([, field = '']) => field);

function read(event: string, given: Record<string, string>): Record<string, unknown> {
  const lines: string[] = [];
  createLog('f', (line) => lines.push(line))(event, given);
  return JSON.parse(lines[0] ?? '{}') as Record<string, unknown>;
}

it('is compared with what the code really holds', () => {
  expect(events.size).toBeGreaterThan(12);
  expect(events).toContain('alert_sent');
  expect(events).toContain('store_failed');
  expect(fields).toContain('appid');
});

describe.each([
  [pages.operations, 'The log'],
  [pages.operationsInChinese, '日志'],
])('$path', (page, title) => {
  const rows = page.tables.find(({ section }) => section === title)?.rows ?? [];
  const named = new Set(page.codes.filter(({ section }) => section === title).map(({ text }) => text));

  it('has each event that the code writes, and no other', () => {
    const inTable = rows.map(([event = '']) => event.replaceAll('`', ''));
    expect([...events].filter((event) => !named.has(event))).toEqual([]);
    expect(inTable.filter((event) => !events.has(event))).toEqual([]);
  });

  it('has each field that may be written', () => {
    expect(fields.filter((field) => !named.has(field))).toEqual([]);
  });

  it.each(rows.map(([event = '', level, , cell = '']) => [event.replaceAll('`', ''), level, cell]))(
    '%s is written with the level and the fields that it says',
    (event, level, cell) => {
      const told = [...(cell ?? '').matchAll(/`(\w+)`/g)].map(([, field = '']) => field);
      const line = read(event ?? '', Object.fromEntries(told.map((field) => [field, 'x'])));
      expect(line).toMatchObject({ level, ...Object.fromEntries(told.map((field) => [field, 'x'])) });
    },
  );
});
