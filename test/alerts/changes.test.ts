/** What an observation changes in the open incidents, and what it leaves alone. */

import { describe, expect, it } from 'vitest';
import { changesOf } from '../../functions/_shared/alerts/changes.ts';
import { readOpenIncidents } from '../../functions/_shared/alerts/incidents.ts';
import type { OpenIncidents, Incident, Kind } from '../../functions/_shared/alerts/incidents.ts';

const incident = (kind: Kind, appid = 'wxa', sinceAtMs = 1): Incident => ({ appid, kind, sinceAtMs });
const openIncidents = (...open: Incident[]): OpenIncidents => ({ sentAtMs: 0, open });
const foreign = { appid: 'wxa', kind: 'foreignMinter', sinceAtMs: 5, refusals: 2 } as const;
const silent = { appid: 'wxa', kind: 'timerSilent', sinceAtMs: 5 } as const;
const of = (...appids: string[]) => ({ appids: new Set(appids), isTickKnown: false, findings: [] });
const CONFIGURED = ['wxa', 'wxb'];

describe('a look', () => {
  it('that finds what is known changes nothing', () => {
    expect(changesOf(openIncidents(), of('wxa'), CONFIGURED)).toBeNull();
    const known = openIncidents(incident('foreignMinter'), incident('timerSilent', 'wxb'));
    const observation = { appids: new Set(['wxa']), isTickKnown: true, findings: [foreign, silent] };
    expect(changesOf(known, observation, CONFIGURED)).toBeNull();
  });

  it('opens what is new, and stores no more of it than what it is', () => {
    expect(changesOf(openIncidents(), { ...of('wxa'), findings: [foreign] }, CONFIGURED)).toEqual({
      opened: [foreign],
      recovered: [],
      open: [incident('foreignMinter', 'wxa', 5)],
    });
  });

  it('ends only what it could see', () => {
    const known = openIncidents(
      incident('foreignMinter'),
      incident('foreignMinter', 'wxb'),
      incident('timerSilent', 'wxb'),
    );
    expect(changesOf(known, of('wxb'), CONFIGURED)).toMatchObject({
      recovered: [incident('foreignMinter', 'wxb')],
      open: [incident('foreignMinter'), incident('timerSilent', 'wxb')],
    });
    expect(changesOf(known, { ...of(), isTickKnown: true }, CONFIGURED)).toMatchObject({
      recovered: [incident('timerSilent', 'wxb')],
    });
  });

  it('forgets apps that are configured no more without a word', () => {
    const known = openIncidents(incident('foreignMinter', 'wxgone'));
    expect(changesOf(known, of('wxa'), CONFIGURED)).toBeNull();
    expect(changesOf(known, { ...of('wxa'), findings: [foreign] }, CONFIGURED)?.open).toEqual([
      incident('foreignMinter', 'wxa', 5),
    ]);
  });
});

describe('the stored incidents', () => {
  it('is read as it was written, and compared with by its stamp', () => {
    const stored = { stamp: 's', sentAtMs: 7, open: [incident('foreignMinter')] };
    const { basis, ...read } = readOpenIncidents({ incidents: stored });
    expect(read).toEqual({ sentAtMs: 7, open: stored.open, isDamaged: false });
    expect(basis).toEqual({ 'incidents.stamp': 's' });
  });

  it('that is missing is empty, and must be missing still when one is written', () => {
    expect(readOpenIncidents({})).toEqual({
      sentAtMs: 0,
      open: [],
      basis: { 'incidents.stamp': undefined },
      isDamaged: false,
    });
  });

  it.each([
    [null],
    ['gone'],
    [[]],
    [{ stamp: 4, sentAtMs: 1, open: [] }],
    [{ stamp: 's', sentAtMs: 'x', open: [] }],
  ])('that is damaged (%j) counts as empty, and is compared with as it is', (incidents) => {
    expect(readOpenIncidents({ incidents })).toEqual({
      sentAtMs: 0,
      open: [],
      basis: { incidents },
      isDamaged: true,
    });
  });

  it('keeps what it can read: a kind of a later version costs no other incident and no minute', () => {
    const open = [{ appid: 'wxa', kind: 'new', sinceAtMs: 1 }, incident('foreignMinter'), 7];
    expect(readOpenIncidents({ incidents: { stamp: 's', sentAtMs: 9, open } })).toMatchObject({
      sentAtMs: 9,
      open: [incident('foreignMinter')],
      isDamaged: false,
    });
  });

  it('holds every kind of 40 apps, and no list without an end', () => {
    const kinds: Kind[] = [
      'refreshFailing',
      'configurationError',
      'mintLimitNear',
      'foreignMinter',
      'timerSilent',
    ];
    const apps = Array.from({ length: 40 }, (_, index) => `wx${index}`);
    const open = apps.flatMap((appid) => kinds.map((kind) => incident(kind, appid)));
    expect(readOpenIncidents({ incidents: { stamp: 's', sentAtMs: 1, open } }).open).toEqual(open);
    const endless = Array.from({ length: 5_000 }, () => incident('foreignMinter'));
    expect(readOpenIncidents({ incidents: { stamp: 's', sentAtMs: 1, open: endless } }).open).toHaveLength(
      1_000,
    );
  });
});
