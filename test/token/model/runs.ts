/** How often a property is tried: little in `npm test`, as often as FC_RUNS says when somebody hunts. */

const wantedRuns = Number(process.env['FC_RUNS'] ?? 0);
const wantedSeed = process.env['FC_SEED'];

/** The usual test is the same every time; a hunt takes new seeds, or the one in FC_SEED to replay a find. */
export function runs(usual: number): { numRuns: number; seed?: number } {
  if (wantedSeed !== undefined) return { numRuns: wantedRuns || usual, seed: Number(wantedSeed) };
  return wantedRuns > 0 ? { numRuns: wantedRuns } : { numRuns: usual, seed: 20_261_122 };
}

/** Room for a hunt of hours. */
export const TIMEOUT_MS = wantedRuns > 0 ? 24 * 3_600_000 : 60_000;
