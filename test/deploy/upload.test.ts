/** The unmodified `tcb` CLI against the fake: what it is told, and that none of its failures passes for a success. */

import { mkdtempSync, writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createUpload } from '../../scripts/deploy/upload.ts';
import { readWanted } from '../../scripts/deploy/wanted.ts';
import { findCredentials } from '../../scripts/platform/credentials.ts';
import { refuse } from '../platform/fake/refusal.ts';
import { startTencent, type FakeTencent, type Interference } from '../platform/fake/tencent.ts';
import { ROOT } from '../support/cloud.ts';
import { settingsFor } from './in-process.ts';

/** The CLI alone takes 4 s to load, on a machine that is not busy. */
const PATIENT = { timeout: 300_000 };
const CODE_ROOT = join(ROOT, 'dist/functions');

beforeAll(async () => {
  const fake = await startTencent();
  await fake.close();
  const certificate = join(mkdtempSync(join(tmpdir(), 'fake-certificate-')), 'certificate.pem');
  writeFileSync(certificate, fake.certificate);
  vi.stubEnv('NODE_EXTRA_CA_CERTS', certificate);
});
afterAll(() => vi.unstubAllEnvs());

/** One function, or several with the same code under these names: the CLI treats them alike. */
async function upload(
  interfere: Interference,
  names = ['getAccessToken'],
  starting = startTencent(),
): Promise<void> {
  const fake = await starting;
  try {
    fake.interfere = interfere;
    const { values, ...others } = settingsFor(fake);
    const settings = { ...others, values, proxy: fake.proxyUrl };
    const wanted = (await readWanted(ROOT, CODE_ROOT, values)).at(-1)!;
    const all = names.map((name) => ({ ...wanted, name, forCli: { ...wanted.forCli, name } }));
    await createUpload(settings, findCredentials(values), CODE_ROOT)(all);
  } finally {
    await fake.close();
  }
}

const refusing =
  (action: string, code: string): Interference =>
  (call) =>
    call.action.includes(action) ? refuse(code, `refused ${code}`) : undefined;

/** Where the upload of one function fails, by its name: two functions have each, for one of all gets no account. */
const STEPS = {
  noPlace: ['no place for the code', 'GetTempCosInfo', 'InternalError'],
  noStore: ['an object store that refuses', 'PUT /', 'AccessDenied'],
  noEnd: ['an upload that is not completed', 'POST /', 'AccessDenied'],
} as const;

describe('an upload by the CLI', () => {
  it('does not pass for a success after a login that is refused', PATIENT, async () => {
    const done = upload(refusing('DescribeEnvs', 'AuthFailure.SecretIdNotFound'));
    await expect(done).rejects.toThrow(/uploaded 0 of 1 functions.*: cure that cause and run npm run deploy/);
  });

  const causes = Object.values(STEPS).map(([cause]) => cause);
  it(
    `does not pass for a success after no account for the object store, ${causes.join(', ')}`,
    PATIENT,
    async () => {
      const met = new Set<string>();
      const asked = { account: 0, place: 0 };
      const names = Object.keys(STEPS).flatMap((name) => [name, `${name}Too`]);
      const done = upload((call) => {
        if (call.action === 'GetTempCosInfo') asked.place += 1;
        if (call.action === 'DescribeTcbAccountInfo' && ++asked.account === 1)
          return refuse('InternalError', 'refused InternalError');
        for (const [name, [, action, code]] of Object.entries(STEPS)) {
          const isOfIt =
            call.action.includes(action) && (call.action + JSON.stringify(call.params)).includes(name);
          if (!isOfIt) continue;
          met.add(name);
          return refuse(code, `refused ${code}`);
        }
        return undefined;
      }, names);
      const all = names.length;
      await expect(done).rejects.toThrow(
        new RegExp(`uploaded 0 of ${all} functions.*: cure that cause and run npm run deploy`),
      );
      expect([...met].toSorted()).toEqual(Object.keys(STEPS).toSorted());
      // Without the account it got no further.
      expect(asked).toEqual({ account: all, place: all - 1 });
    },
  );

  describe('of three functions, two of which the platform refuses', () => {
    let fake: FakeTencent;
    let told: unknown;
    beforeAll(async () => {
      fake = await startTencent();
      const refuseIt = refusing('CreateFunction', 'LimitExceeded.Function');
      const interfere: Interference = (call) =>
        call.params['FunctionName'] === 'getAccessToken' ? undefined : refuseIt(call);
      const names = ['refreshAccessToken', 'getTicket', 'getAccessToken'];
      told = await upload(interfere, names, Promise.resolve(fake)).catch(String);
    }, PATIENT.timeout);

    it('tells the platform’s own code and text', () => {
      expect(told).toMatch(
        /uploaded 1 of 3 functions.*refused LimitExceeded\.Function.*错误码: LimitExceeded\.Function/,
      );
    });

    it('is told no variable and no trigger, and leaves no credentials behind', async () => {
      const created = fake.calls.find(
        ({ action, params }) => action === 'CreateFunction' && params['FunctionName'] === 'getAccessToken',
      );
      expect(created?.params).toMatchObject({
        Runtime: 'Nodejs20.19',
        Timeout: 30,
        InstallDependency: 'FALSE',
      });
      expect(created?.params).not.toHaveProperty('Environment');
      expect(fake.calls.map(({ action }) => action)).not.toContain('BatchCreateTrigger');
      const left = await readdir(join(ROOT, '.local')).catch(() => []);
      expect(left.filter((name) => name.startsWith(`cli-home-${process.pid}-`))).toEqual([]);
      expect(fake.refusedHosts).toEqual([]);
    });
  });
});
