/** `npm run prove`: the embedded cloud passes all of it, and every deviation turns exactly its own line red. */

import { describe, expect, it } from 'vitest';
import type { Line } from '../../scripts/prove/assumption.ts';
import { localScratch } from '../../scripts/prove/local.ts';
import { ASSUMPTIONS, prove } from '../../scripts/prove/prove.ts';
import { renderReport } from '../../scripts/prove/report.ts';
import type { Gateway } from '../../scripts/local/gateway/start.ts';
import { deviate, DEVIATIONS } from './deviations.ts';

async function run(prepare?: (gateway: Gateway) => void): Promise<Line[]> {
  return prove(localScratch(prepare), new AbortController().signal, () => undefined);
}

const notHolding = (lines: readonly Line[]): string[] =>
  lines.filter(({ verdict }) => verdict !== 'holds').map(({ id }) => id);

describe('on the embedded cloud', () => {
  it('every assumption holds', async () => {
    const lines = await run();
    expect(notHolding(lines)).toEqual([]);
    expect(lines.map(({ id }) => id)).toEqual(ASSUMPTIONS.map(({ id }) => id));
    expect(lines.find(({ id }) => id === 'too-large-document')?.seen).toBe(
      'refused (DATABASE_REQUEST_FAILED), 0 documents afterwards',
    );
  });

  it.each(ASSUMPTIONS.map(({ id }) => id))(
    'one that differs in %s turns exactly that line red',
    async (id) => {
      const isAccess = id === 'closed';
      expect(isAccess || DEVIATIONS[id] !== undefined).toBe(true);
      const scratch = localScratch((gateway) => deviate(gateway, id), isAccess ? 'PRIVATE' : 'ADMINONLY');
      // 16 MB take seconds, and are tried once among all the others.
      const tried = ASSUMPTIONS.filter((one) => one.id !== 'too-large-document' || one.id === id);
      const lines = await prove(scratch, new AbortController().signal, () => undefined, tried);
      expect(notHolding(lines)).toEqual([id]);
      expect(lines.find((line) => line.id === id)).toMatchObject({ verdict: 'differs' });
    },
  );
});

describe('a run that can’t go on', () => {
  it('removes its scratch when it is interrupted, and tries no more', async () => {
    const scratch = localScratch();
    const removed: string[] = [];
    const ending = new AbortController();
    const remove = async (): Promise<void> => {
      removed.push('scratch');
      await scratch.remove();
    };
    const lines = await prove({ ...scratch, remove }, ending.signal, () => ending.abort());
    expect(lines).toHaveLength(1);
    expect(removed).toEqual(['scratch']);
  });

  it('says of a call that fails that nothing was seen, and neither passes nor differs', async () => {
    const lines = await run((gateway) => void gateway.faults.outage('http-500'));
    expect(lines.filter(({ verdict }) => verdict === 'holds').map(({ id }) => id)).toEqual(['closed']);
    expect(lines[0]).toMatchObject({ verdict: 'not tried', seen: 'the call failed (500)' });
  });
});

it('the report holds no id, and no address', async () => {
  const race = ASSUMPTIONS.find(({ id }) => id === 'update-race')!;
  const scratch = localScratch();
  const [line] = await prove(scratch, new AbortController().signal, () => undefined, [race]);
  const lines = line === undefined ? [] : [line];
  const report = renderReport('the embedded cloud', lines, ASSUMPTIONS.length);
  expect(report).toContain('| update-race | of 20 updates at once with one version, exactly one');
  for (const secret of ['127.0.0.1', 'local-env', 'prove-']) expect(report).not.toContain(secret);
  // Of the start's random credentials.
  expect(report).not.toMatch(/AKID|[0-9a-f]{32}/);
});
