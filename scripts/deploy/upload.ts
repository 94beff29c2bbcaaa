/** Uploads functions with `tcb fn deploy`, which is told no secret and whose "success" is not believed. */

import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pick } from '../command/language.ts';
import { callOf } from '../command/call.ts';
import type { CredentialSource } from '../platform/credentials.ts';
import { PlatformError } from '../platform/errors.ts';
import type { PlatformSettings } from '../platform/settings.ts';
import { withCliHome } from '../platform/cli-home.ts';
import { runCli, type CliRun } from '../platform/tcb-cli.ts';
import type { WantedFunction } from './wanted.ts';

/** Creates or replaces these functions; throws unless the CLI says that all of them are deployed. */
export type Upload = (functions: readonly WantedFunction[]) => Promise<void>;

const FUNCTION_ROOT = 'functions';

export function createUpload(settings: PlatformSettings, source: CredentialSource, codeRoot: string): Upload {
  return async (functions) => {
    const folder = await mkdtemp(join(tmpdir(), 'access-token-deploy-'));
    try {
      const file = join(folder, 'cloudbaserc.json');
      await writeFile(file, JSON.stringify(cliConfig(settings, functions)));
      const args = ['fn', 'deploy', '--all', '--force', '-e', settings.envId, '--config-file', file];
      // The CLI takes the folder of a function for its name, and looks for functionRoot below its working directory.
      for (const { name, folder: built } of functions)
        await cp(join(codeRoot, built), join(folder, FUNCTION_ROOT, name), { recursive: true });
      const run = await withCliHome(settings, source, (home) =>
        runCli(settings, args, { cwd: folder, home, tmp: folder }),
      );
      requireSuccess(run, functions.length);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  };
}

/**
 * Without variables: the CLI puts them through a text template and breaks at quotes, backslashes and JSON. Left out,
 * those of an existing function stay. Without triggers: the CLI only ever adds them.
 */
function cliConfig({ envId, region }: PlatformSettings, functions: readonly WantedFunction[]) {
  return {
    envId,
    region,
    functionRoot: FUNCTION_ROOT,
    functions: functions.map(({ forCli }) => forCli),
  };
}

function requireSuccess({ code, output }: CliRun, expected: number): void {
  const told = /成功部署 (\d+) 个函数|Successfully deployed (\d+) function/i.exec(output);
  const deployed = Number(told?.[1] ?? told?.[2] ?? 0);
  if (code === 0 && deployed === expected && !output.includes('✖')) return;
  throw new PlatformError(
    pick({
      en: `tcb fn deploy uploaded ${deployed} of ${expected} functions${causeIn(output)}`,
      zh: `tcb fn deploy 只上传了 ${deployed} / ${expected} 个云函数${causeIn(output)}`,
    }),
    {
      code: 'UPLOAD_FAILED',
      cure: pick({
        en: `cure that cause and run ${callOf('deploy')} again; what is uploaded already is kept`,
        zh: `请处理这个原因，再执行 ${callOf('deploy')}；已上传的会保留`,
      }),
    },
  );
}

/** The CLI's own words for it, the platform's code and text first; a screenful of them would hide the cause. */
function causeIn(output: string): string {
  const lines = output.split('\n').map((line) => line.replace(/^[\s✖]+/, '').trim());
  const isFailure = (line: string): boolean => /\berror\b|错误|失败|failed|not found|不存在/i.test(line);
  const isFromPlatform = (line: string): boolean => /^(?:错误信息|错误码|RequestId)|\[\w+\] .*\w/.test(line);
  const failures = [...new Set(lines.filter((line) => isFailure(line) || line.startsWith('RequestId')))];
  const told = [...failures.filter(isFromPlatform), ...failures.filter((line) => !isFromPlatform(line))];
  const cause = told.slice(0, 6).join(' / ').slice(0, 800);
  return cause === ''
    ? pick({ en: ' and gave no reason', zh: '，没有说明原因' })
    : pick({ en: ` (it says: ${cause})`, zh: `（它的说明：${cause}）` });
}
