/** What one instance remembers of an app: the newest read, one flight for one question, pauses of the database. */

import { describe, expect, it } from 'vitest';
import {
  createApp,
  setUnsaved,
  isStorePaused,
  pauseStore,
  readRecord,
  remember,
  shareFlight,
  shareSave,
  STORE_PAUSE_MS,
} from '../../functions/_shared/token/app.ts';
import type { App, Saved } from '../../functions/_shared/token/app.ts';
import type { Answer, Ports, Stored } from '../../functions/_shared/token/ports.ts';
import { classic, NOW_MS, recordOf, resultOf, unknown } from './samples.ts';

const served: Answer = { ok: true, token: 't1', leftMs: 1, endsAtMs: 2 };

function appWith(reads: (() => Promise<Stored>)[] = []): { app: App; lines: [string, object][] } {
  const lines: [string, object][] = [];
  const ports = {
    now: () => NOW_MS,
    log: (event: string, fields: object) => void lines.push([event, fields]),
    store: { read: () => reads.shift()!() },
  };
  return { app: createApp('wx1', classic, ports as unknown as Ports), lines };
}

const storedOf = (version: number, damaged: string[] = []): Stored => ({
  record: recordOf({ version }),
  basis: version,
  damaged,
});

describe('memory', () => {
  it('begins empty, and holds what was read with the instant before the read', async () => {
    const { app, lines } = appWith([async () => storedOf(1)]);
    expect(app).toMatchObject({ memory: null, unsaved: null, saving: null });
    expect(await readRecord(app)).toEqual(storedOf(1));
    expect(app.memory).toMatchObject({ record: recordOf({ version: 1 }), readAtMs: NOW_MS });
    expect(lines).toEqual([]);
  });

  it('keeps the newer of two reads, whichever ends first', async () => {
    let end: (stored: Stored) => void = () => {};
    const slow = new Promise<Stored>((resolve) => {
      end = resolve;
    });
    const { app } = appWith([() => slow, async () => storedOf(2)]);
    const first = readRecord(app);
    await readRecord(app);
    end(storedOf(1));
    await first;
    expect(app.memory!.record.version).toBe(2);
    remember(app, recordOf({ version: 3 }), NOW_MS);
    expect(app.memory!.record.version).toBe(3);
  });

  it('says in the log which fields were damaged', async () => {
    const { app, lines } = appWith([async () => storedOf(1, ['claim', 'mints'])]);
    await readRecord(app);
    expect(lines).toEqual([['document_damaged', { appid: 'wx1', damaged: 'claim,mints' }]]);
  });

  it('keeps an unsaved result until it is dropped', () => {
    const { app } = appWith();
    setUnsaved(app, resultOf(unknown));
    expect(app.unsaved).toEqual(resultOf(unknown));
    setUnsaved(app, null);
    expect(app.unsaved).toBeNull();
  });
});

describe('what is shared', () => {
  it('is one flight for those who ask the same, and another afterwards', async () => {
    const { app } = appWith();
    let starts = 0;
    const start = async (): Promise<Answer> => {
      starts += 1;
      return served;
    };
    const same = [shareFlight(app, '', start), shareFlight(app, '', start)];
    const other = shareFlight(app, 'reported', start);
    expect(await Promise.all([...same, other])).toEqual([served, served, served]);
    expect([starts, app.flights.size]).toEqual([2, 0]);
    await shareFlight(app, '', start);
    expect(starts).toBe(3);
  });

  it('is one save, until it has ended in whatever way', async () => {
    const { app } = appWith();
    const failing = shareSave(app, Promise.reject<Saved>(new Error('lost')));
    expect(app.saving).toBe(failing);
    await expect(failing).rejects.toThrow('lost');
    expect(app.saving).toBeNull();
  });
});

describe('a pause of the database', () => {
  const pausedMs = (app: App): number => app.storePause.untilAtMs - NOW_MS;

  it('doubles from 5 s to 30 s, and begins anew after a read', async () => {
    const { app } = appWith([async () => storedOf(1)]);
    const pauses = Array.from({ length: 4 }, () => {
      pauseStore(app);
      return pausedMs(app);
    });
    expect(pauses).toEqual([5_000, 10_000, 20_000, 30_000]);
    expect(STORE_PAUSE_MS).toBe(5_000);
    await readRecord(app);
    pauseStore(app);
    expect(pausedMs(app)).toBe(5_000);
  });

  it('ends at its end, and at once where only a clock far off can explain it', () => {
    const { app } = appWith();
    expect(isStorePaused(app, NOW_MS)).toBe(false);
    pauseStore(app);
    const at = (afterMs: number) => isStorePaused(app, NOW_MS + afterMs);
    expect([at(0), at(4_999), at(5_000)]).toEqual([true, true, false]);
    expect([at(-25_000), at(-25_001)]).toEqual([true, false]);
  });
});
