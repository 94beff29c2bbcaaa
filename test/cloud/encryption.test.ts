/** TOKEN_ENCRYPTION_KEYS through the built bundles: what the database holds, and how keys come, go and change. */

import { randomBytes } from 'node:crypto';
import { describe, expect, it, onTestFinished } from 'vitest';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCloudClock } from '../../scripts/local/clock.ts';
import { COLLECTION } from '../../scripts/local/cloud.ts';
import { APPID, NOON_MS, SECRET, startTestCloud, type TestCloud } from '../support/cloud.ts';

const MINUTE_MS = 60_000;
const [A, B] = [randomBytes(32).toString('base64'), randomBytes(32).toString('base64')];

const variables = (keys: string) => ({ WX_APPID: APPID, WX_APPSECRET: SECRET, TOKEN_ENCRYPTION_KEYS: keys });

/** The value as it is stored. */
function sealed(cloud: TestCloud): { kid?: string; data?: string } | string {
  const token = cloud.stored()?.['token'] as { value: { kid: string } | string } | undefined;
  return token?.value ?? 'nothing is stored';
}

/** One database and one clock, and after each other clouds with other keys on it: a deployment each. */
async function deployments() {
  const dataFolder = await mkdtemp(join(tmpdir(), 'encryption-'));
  onTestFinished(() => rm(dataFolder, { recursive: true, force: true }));
  const clock = createCloudClock();
  clock.freeze(NOON_MS);
  return {
    clock,
    dataFolder,
    deploy: (keys: string) =>
      startTestCloud({
        variables: variables(keys),
        dataFolder,
        clock,
        host: { maxInstances: 1 },
      }),
  };
}

describe('encryption at rest', () => {
  it('reads a token stored in clear when keys are introduced, seals it at the next refresh, and leaves neither token nor secret in a dump of the database', async () => {
    const { deploy, clock, dataFolder } = await deployments();
    const before = await deploy('');
    const { access_token: clear = '' } = await before.get();
    await before.close();
    const cloud = await deploy(A);
    expect(await cloud.get()).toMatchObject({ errcode: 0, access_token: clear });
    expect(sealed(cloud)).toBe(clear);
    clock.advance(110 * MINUTE_MS);
    await cloud.refresh();
    expect(sealed(cloud)).toMatchObject({ kid: expect.any(String) as string });
    expect(cloud.mints()).toBe(1);
    const { access_token: token = '' } = await cloud.get();
    expect(token).not.toBe(clear);
    expect(cloud.isAlive(token)).toBe(true);
    const document = JSON.stringify(cloud.stored());
    for (const secret of [clear, token, SECRET, A]) expect(document).not.toContain(secret);
    // The sandbox's own memory of the tokens that it issued lives in the same file; WeChat's is not ours to hide.
    await cloud.database.collection('sandbox_wechat').remove({}, true);
    await cloud.close();
    const bytes = await readFile(join(dataFolder, 'data.mdb'));
    expect(bytes.includes(SECRET)).toBe(false);
    expect(bytes.includes(A)).toBe(false);
  });

  it('rotates keys without losing a call or minting for it', async () => {
    const { deploy, clock } = await deployments();
    const kids = new Set<string | undefined>();
    let minted = 0;
    for (const keys of [A, `${A},${B}`, `${B},${A}`, B]) {
      const cloud = await deploy(keys);
      const replies = await Promise.all(Array.from({ length: 20 }, () => cloud.get()));
      expect(replies.every(({ errcode, access_token }) => errcode === 0 && cloud.isAlive(access_token))).toBe(
        true,
      );
      clock.advance(110 * MINUTE_MS);
      await cloud.refresh();
      kids.add((sealed(cloud) as { kid: string }).kid);
      minted += cloud.mints();
      await cloud.close();
    }
    expect(kids.size).toBe(2);
    expect(minted).toBe(5);
  });

  it('mints anew and says why when the key is gone, and when the value was altered', async () => {
    const { deploy, clock } = await deployments();
    const first = await deploy(A);
    await first.refresh();
    await first.close();
    const expectMintsAnew = async (cloud: TestCloud, why: RegExp): Promise<void> => {
      const reply = await cloud.get();
      expect(reply.errcode).toBe(0);
      expect(cloud.isAlive(reply.access_token)).toBe(true);
      expect(cloud.mints()).toBe(1);
      expect(cloud.lines.find((line) => line.includes('document_damaged'))).toMatch(why);
    };
    const withoutKey = await deploy(B);
    await expectMintsAnew(withoutKey, /does not hold/);
    await alter(withoutKey);
    await withoutKey.close();
    clock.advance(MINUTE_MS);
    await expectMintsAnew(await deploy(B), /altered since/);
  });

  it('names the variable and no key when a key is malformed', async () => {
    const cloud = await startTestCloud({ variables: variables('bm90LWEta2V5') });
    const reply = await cloud.get();
    expect(reply).toMatchObject({
      errcode: 500,
      errmsg: expect.stringContaining('TOKEN_ENCRYPTION_KEYS') as string,
    });
    expect(reply.errmsg).not.toContain('bm90');
  });
});

async function alter(cloud: TestCloud): Promise<void> {
  const token = cloud.stored()?.['token'] as { value: { data: string } };
  const value = { ...token.value, data: Buffer.from('other').toString('base64') };
  const update = { $set: { token: { ...token, value } } };
  await cloud.database.collection(COLLECTION).update({ query: { _id: APPID }, update });
}
