import { describe, expect, test } from 'vitest';
import { readDeclarations } from '../../../scripts/build/declarations.ts';
import { lintCron, nextAtMs } from '../../../scripts/local/timer/cron.ts';
import { triggersOf } from '../../../scripts/local/timer/timer.ts';

function nextIso(config: string, after: string): string | undefined {
  const atMs = nextAtMs(config, Date.parse(after));
  return atMs === undefined ? undefined : new Date(atMs).toISOString();
}

describe('cron', () => {
  test.for([
    { config: '20 */5 * * * * *', after: '2026-11-22T15:59:59.500Z', next: '2026-11-22T16:00:20.000Z' },
    { config: '20 */5 * * * * *', after: '2026-11-22T16:00:19.999Z', next: '2026-11-22T16:00:20.000Z' },
    { config: '20 */5 * * * * *', after: '2026-11-22T16:00:20.000Z', next: '2026-11-22T16:05:20.000Z' },
    { config: '0 0 2 * * * *', after: '2026-11-22T00:00:00.000Z', next: '2026-11-22T18:00:00.000Z' },
    { config: '0 5/10 * * * * *', after: '2026-11-22T00:56:00.000Z', next: '2026-11-22T01:05:00.000Z' },
    { config: '0 0 0 1 1 * 2030', after: '2026-11-22T00:00:00.000Z', next: '2029-12-31T16:00:00.000Z' },
    { config: '0 0 0 15 * 1 *', after: '2026-11-14T00:00:00.000Z', next: '2026-11-14T16:00:00.000Z' },
    { config: '0 0 0 15 * 1 *', after: '2026-11-14T16:00:00.000Z', next: '2026-11-15T16:00:00.000Z' },
  ])('$config after $after is $next, read in UTC+8', ({ config, after, next }) => {
    expect(nextIso(config, after)).toBe(next);
  });

  test('a year that has passed never comes', () => {
    expect(nextIso('0 0 0 * * * 2020', '2026-11-22T00:00:00Z')).toBeUndefined();
  });

  test.for([
    { config: '*/5 * * * * * *', says: 'the seconds field must be one number' },
    { config: '* * * * * * *', says: 'the seconds field must be one number' },
    { config: '1,31 * * * * * *', says: 'the seconds field must be one number' },
    { config: '0 */5 * * *', says: 'has 5 fields; CloudBase wants 7' },
    { config: '0 61 * * * * *', says: '"0 61 * * * * *"' },
    { config: '99 * * * * * *', says: '"99 * * * * * *"' },
  ])('"$config" is refused: $says', ({ config, says }) => {
    expect(lintCron(config)).toContain(says);
  });

  test('the triggers of cloudbaserc.json pass the lint', async () => {
    const triggers = triggersOf(await readDeclarations(`${import.meta.dirname}/../../..`));
    expect(triggers.map(({ functionName }) => functionName)).toEqual(['refreshAccessToken']);
    expect(triggers.map(({ config }) => lintCron(config))).toEqual([undefined]);
  });
});
