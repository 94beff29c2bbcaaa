/** Whatever the network and WeChat do: a mint has an end, and in token mode nothing follows a try that may have minted. */

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LONGEST_MINT_MS } from '../../functions/_shared/token/policy.ts';
import { answered, lost, notSent, refused, runMint, token } from './mint-harness.ts';
import type { Scripted } from './mint-harness.ts';

const result: fc.Arbitrary<Scripted> = fc
  .tuple(
    fc.constantFrom(notSent, lost, refused(-1), refused(45011), answered('', 500), token()),
    fc.integer({ min: 0, max: 10_000 }),
  )
  .map(([scripted, tookMs]) => Object.assign({ tookMs }, scripted));

const script = fc.array(result, { minLength: 1, maxLength: 30 });
const hosts = fc
  .integer({ min: 1, max: 10 })
  .map((count) => Array.from({ length: count }, (_, index) => `https://h${index}.example`));
const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe('any mint', () => {
  it.each(['token', 'stable'] as const)(
    'is over by LONGEST_MINT_MS, and begins no try with under a second left (%s)',
    async (api) => {
      await fc.assert(
        fc.asyncProperty(script, hosts, chance, async (results, baseUrls, random) => {
          const { asked, tookMs } = await runMint(results, { api, baseUrls, random: () => random });
          expect(tookMs).toBeLessThanOrEqual(LONGEST_MINT_MS);
          expect(Math.min(...asked.map(({ timeoutMs }) => timeoutMs))).toBeGreaterThanOrEqual(1_000);
        }),
        { numRuns: 300 },
      );
    },
  );

  it('in token mode ends with the first try that may have minted, and says so', async () => {
    await fc.assert(
      fc.asyncProperty(script, hosts, chance, async (results, baseUrls, random) => {
        const { asked, outcome } = await runMint(results, { baseUrls, random: () => random });
        const open = asked.filter(({ timeoutMs }, index) => isOpen(results[index] ?? lost, timeoutMs));
        expect(open).toEqual(outcome.kind === 'unknown' ? asked.slice(-1) : []);
      }),
      { numRuns: 300 },
    );
  });
});

/** Sent, and no answer came that could be read. */
function isOpen(scripted: Scripted, timeoutMs: number): boolean {
  if (scripted.kind === 'not-sent') return false;
  if ((scripted.tookMs ?? 0) > timeoutMs || scripted.kind === 'lost') return true;
  return scripted.status >= 500;
}
