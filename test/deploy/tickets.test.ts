/** getTicket's part of a deployment: there while WX_TICKETS is set, gone after, and nothing of it where it never was. */

import { describe, expect, it } from 'vitest';
import { checkValues } from '../../scripts/deploy/checks.ts';
import { playTencent } from '../platform/fake/played.ts';
import { someFunction } from '../platform/fake/state.ts';
import { deploy } from './in-process.ts';

const fake = await playTencent();
const variables = { WX_TICKETS: 'jsapi' };
const rule = (): unknown => JSON.parse(fake.state.rule?.Rule ?? '{}') as unknown;
const functions = (): string[] => [...fake.state.functions.keys()];

describe('with WX_TICKETS', () => {
  it('deploys getTicket as getAccessToken is deployed, and its collection', async () => {
    const { isDone, output } = await deploy(fake, { variables });
    expect(output).not.toContain('✗');
    expect(isDone).toBe(true);
    expect(functions()).toEqual(['refreshAccessToken', 'getAccessToken', 'getTicket']);
    expect(fake.state.collections.get('wx_tickets')).toBe('ADMINONLY');
    expect(rule()).toMatchObject({ getTicket: { invoke: false } });
    const [refresh, ticket] = ['refreshAccessToken', 'getTicket'].map((name) =>
      fake.state.functions.get(name),
    );
    const set = (one = refresh) =>
      one?.variables.filter(({ Key }: { Key: string }) => Key !== 'DEPLOYED_CODE_SHA256');
    expect(set(ticket)).toEqual(set(refresh));
    expect(ticket?.triggers).toEqual([]);
    expect(output).toContain('calls of getAccessToken and getTicket from outside are refused (403)');
    expect((await deploy(fake, { variables })).output).toContain('nothing has been changed');
  });

  it('stops before anything is changed where somebody else has that name', async () => {
    fake.state.functions.set('getTicket', someFunction('getTicket'));
    const { isDone, output } = await deploy(fake, { variables });
    expect(isDone).toBe(false);
    expect(output).toMatch(/a name is taken .*getTicket/);
    expect(functions()).toEqual(['getTicket']);
  });

  it.each(['sdk', 'wxother=jsapi', 'jsapi,2'])('is refused before anything is sent: %s', (WX_TICKETS) => {
    expect(() => checkValues({ WX_APPID: 'wxA', WX_APPSECRET: 's', WX_TICKETS })).toThrow(/^WX_TICKETS /);
  });
});

describe('once it is unset', () => {
  it('getTicket and its entry in the rule go; the collection and the rest stay', async () => {
    await deploy(fake, { variables });
    const { isDone, output } = await deploy(fake);
    expect(isDone).toBe(true);
    expect(output).toContain('✓ ticket function: getTicket is gone: WX_TICKETS is not set');
    expect(functions()).toEqual(['refreshAccessToken', 'getAccessToken']);
    expect(rule()).not.toHaveProperty('getTicket');
    expect(fake.state.collections.get('wx_tickets')).toBe('ADMINONLY');
    expect((await deploy(fake)).output).toContain('nothing has been changed');
  });

  it('somebody else’s function of that name stays, and nothing is said of it', async () => {
    fake.state.functions.set('getTicket', someFunction('getTicket'));
    const { isDone, output } = await deploy(fake);
    expect(isDone).toBe(true);
    expect(output).not.toContain('getTicket');
    expect(functions()).toContain('getTicket');
  });
});
