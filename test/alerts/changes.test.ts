/** What a look changes in the book, and what it leaves alone. */

import { describe, expect, it } from 'vitest';
import { changesOf } from '../../functions/_shared/alerts/changes.ts';
import { readBook } from '../../functions/_shared/alerts/incidents.ts';
import type { Book, Incident, Kind } from '../../functions/_shared/alerts/incidents.ts';

const incident = (kind: Kind, appid = 'wxa', sinceAtMs = 1): Incident => ({ appid, kind, sinceAtMs });
const book = (...open: Incident[]): Book => ({ stamp: 's', saidAtMs: 0, open });
const foreign = { appid: 'wxa', kind: 'foreignMinter', sinceAtMs: 5, refusals: 2 } as const;
const silent = { appid: 'wxa', kind: 'timerSilent', sinceAtMs: 5 } as const;
const of = (...appids: string[]) => ({ appids: new Set(appids), isTimerKnown: false, findings: [] });
const CONFIGURED = ['wxa', 'wxb'];

describe('a look', () => {
  it('that finds what is known changes nothing', () => {
    expect(changesOf(book(), of('wxa'), CONFIGURED)).toBeNull();
    const known = book(incident('foreignMinter'), incident('timerSilent', 'wxb'));
    const look = { appids: new Set(['wxa']), isTimerKnown: true, findings: [foreign, silent] };
    expect(changesOf(known, look, CONFIGURED)).toBeNull();
  });

  it('opens what is new, and stores no more of it than what it is', () => {
    expect(changesOf(book(), { ...of('wxa'), findings: [foreign] }, CONFIGURED)).toEqual({
      opened: [foreign],
      recovered: [],
      open: [incident('foreignMinter', 'wxa', 5)],
    });
  });

  it('ends only what it could see', () => {
    const known = book(
      incident('foreignMinter'),
      incident('foreignMinter', 'wxb'),
      incident('timerSilent', 'wxb'),
    );
    expect(changesOf(known, of('wxb'), CONFIGURED)).toMatchObject({
      recovered: [incident('foreignMinter', 'wxb')],
      open: [incident('foreignMinter'), incident('timerSilent', 'wxb')],
    });
    expect(changesOf(known, { ...of(), isTimerKnown: true }, CONFIGURED)).toMatchObject({
      recovered: [incident('timerSilent', 'wxb')],
    });
  });

  it('forgets apps that are configured no more without a word', () => {
    const known = book(incident('foreignMinter', 'wxgone'));
    expect(changesOf(known, of('wxa'), CONFIGURED)).toBeNull();
    expect(changesOf(known, { ...of('wxa'), findings: [foreign] }, CONFIGURED)?.open).toEqual([
      incident('foreignMinter', 'wxa', 5),
    ]);
  });
});

describe('the book', () => {
  it('is read as it was written', () => {
    const stored = { stamp: 's', saidAtMs: 7, open: [incident('foreignMinter')] };
    expect(readBook({ incidents: stored })).toEqual(stored);
  });

  it.each([
    [undefined, undefined],
    [null, undefined],
    ['gone', undefined],
    [{ stamp: 4, saidAtMs: 'x', open: [] }, 4],
    [{ stamp: 's', saidAtMs: 1, open: [{ appid: 'wxa', kind: 'new', sinceAtMs: 1 }] }, 's'],
    [{ stamp: 's', saidAtMs: 1, open: Array.from({ length: 201 }, () => incident('foreignMinter')) }, 's'],
  ])('that is damaged (%j) counts as empty, and is compared with as it is', (incidents, stamp) => {
    expect(readBook({ incidents })).toEqual({ stamp, saidAtMs: 0, open: [] });
  });
});
