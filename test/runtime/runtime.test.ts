/** A function's pieces put together: when the environment is read, and what comes of it. */

import { inspect } from 'node:util';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { describeProblems } from '../../functions/_shared/runtime/config.ts';
import { createRuntime } from '../../functions/_shared/runtime/runtime.ts';

afterEach(() => vi.unstubAllEnvs());

function stubApps(): void {
  vi.stubEnv('WX_REFRESH_MINUTES', '60');
  vi.stubEnv('WX_APPS', '[{"appid":"wxA","secret":"canary-1"},{"appid":"wxB","secret":"c","api":"stable"}]');
}

describe('the runtime', () => {
  it('has the state of each app, by its own rules, and shows no secret', async () => {
    stubApps();
    const result = await createRuntime('getAccessToken')();
    if (!result.ok) throw new Error('misconfigured');
    const { apps } = result.runtime;
    expect([...apps.keys()]).toEqual(['wxA', 'wxB']);
    expect(apps.get('wxA')?.policy).toMatchObject({ api: 'token', refreshAfterMs: 3_600_000 });
    expect(apps.get('wxB')?.policy).toMatchObject({ api: 'stable', mintLimitPerDay: 500 });
    expect(apps.get('wxA')?.ports.who).toMatch(/^getAccessToken\/[0-9a-f]{8}$/);
    expect(inspect(result, { depth: Infinity })).not.toContain('canary');
  });

  it('is the same on every call: what an instance knows is kept', async () => {
    stubApps();
    const runtime = createRuntime('getAccessToken');
    expect(runtime()).toBe(runtime());
  });

  it('does not mistake a variable of the caller, written later, for its own', async () => {
    stubApps();
    const runtime = createRuntime('getAccessToken');
    vi.stubEnv('WX_APPS', '');
    vi.stubEnv('WX_APPID', 'wxCALLER');
    const result = await runtime();
    expect(result.ok && [...result.runtime.apps.keys()]).toEqual(['wxA', 'wxB']);
  });

  it('reports what is missing instead of throwing, and says what to do', async () => {
    for (const name of ['WX_APPS', 'WX_APPID', 'WX_APPSECRET']) vi.stubEnv(name, '');
    const result = await createRuntime('getAccessToken')();
    expect(result).toEqual({ ok: false, problems: ['WX_APPID is missing', 'WX_APPSECRET is missing'] });
    expect(describeProblems(['A is missing', 'B too'])).toBe(
      'misconfigured: A is missing; B too. Set the variables of the functions and run npm run deploy',
    );
  });
});
