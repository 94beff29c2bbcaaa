/** `npm run doctor`: what is wrong, why it matters, and the command that cures it. */

import { defineCommand, type ExitCode } from '../command/definition.ts';
import { PLACE_FLAGS } from '../place/flags.ts';

export default defineCommand({
  description: {
    en: 'Looks at the deployment, at every app and at every ticket (setup --tickets jsapi), and changes nothing. Exit codes: 0 all is well (hints apart), 1 problems, 2 could not look at everything.',
    zh: '检查部署、每个应用和每个 ticket（setup --tickets jsapi），不改动任何内容。退出码：0 一切正常（不计提示），1 有问题，2 有项目无法检查。',
  },
  flags: {
    json: { type: 'boolean', description: { en: 'for programs', zh: '输出 JSON，供程序读取' } },
    ...PLACE_FLAGS,
  },
  failsWith: 2,
  async run({ json, ...flags }): Promise<ExitCode> {
    const { diagnose } = await import('./diagnose.ts');
    return diagnose(flags, json);
  },
});
