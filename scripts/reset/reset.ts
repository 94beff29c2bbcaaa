/** Resets the sandbox in the running `npm start`, or the data that an earlier one has left. */

import pc from 'picocolors';
import { pick } from '../command/language.ts';
import { callOf, respell } from '../command/call.ts';
import type { ExitCode } from '../command/definition.ts';
import { PROJECT_FOLDER } from '../command/folders.ts';
import type { RefreshReply } from '../../functions/refreshAccessToken/index.ts';
import { COLLECTION } from '../../functions/_shared/store/document.ts';
import { openLocal, type Local } from '../place/local.ts';

export async function reset({ data, sandbox }: { data: string; sandbox: boolean }): Promise<ExitCode> {
  const local = await openLocal({ root: PROJECT_FOLDER, data, isSandbox: sandbox });
  try {
    if (local.isWeChatReal)
      throw new Error(
        pick({
          en: `WeChat is the real one there, and nothing of it can be reset: for the sandbox, use ${callOf('reset', '--sandbox')}`,
          zh: `那里用的是真实的微信，无法重置：沙箱请用 ${callOf('reset', '--sandbox')}`,
        }),
      );
    if (!(await local.reset())) await forget(local);
    const answer = await local.reach.invoke('refreshAccessToken', {});
    if ('failure' in answer) throw new Error(respell(answer.failure));
    return tell(answer.result as RefreshReply);
  } finally {
    await local.reach.close();
  }
}

/** Nothing runs there: the next start has a sandbox of its own, and only the documents would be left. */
async function forget({ reach }: Local): Promise<void> {
  const documents = reach.documents(COLLECTION);
  for (const { _id: id } of await documents.list()) await documents.remove(id);
}

function tell({ errcode, errmsg, results }: RefreshReply): ExitCode {
  const failed = results.find((one) => one.errcode !== 0) ?? { errcode, errmsg };
  if (failed.errcode !== 0)
    throw new Error(
      pick({
        en: `the sandbox is reset, but gives no token: ${failed.errcode} ${failed.errmsg}`,
        zh: `沙箱已重置，但没能获取 token：${failed.errcode} ${respell(failed.errmsg)}`,
      }),
    );
  const appids = results.map(({ appid }) => appid).join(', ');
  console.log(
    pick({
      en: `${pc.green('✓')} the sandbox is reset; a token is stored for ${appids}`,
      zh: `${pc.green('✓')} 沙箱已重置；已存有 ${results.map(({ appid }) => appid).join('、')} 的 token`,
    }),
  );
  return 0;
}
