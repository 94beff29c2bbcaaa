/** `npm run reset`: the sandbox of the embedded cloud as on its first day, whatever its knobs have done. */

import { defineCommand, type ExitCode } from '../command/definition.ts';
import { PLACE_FLAGS } from '../place/flags.ts';

export default defineCommand({
  description: {
    en: 'Switches every knob of the sandbox off, sets its clock right, forgets what is stored, and fetches a new token. Exit codes: 0 done, 1 not.',
    zh: '关掉沙箱的所有开关，校准它的时钟，清除已存的内容，并获取新的 token。退出码：0 已完成，1 没有完成。',
  },
  flags: {
    data: {
      type: 'string',
      default: PLACE_FLAGS.data.default,
      description: { en: 'folder of the data', zh: '数据所在的目录' },
    },
    sandbox: { type: 'boolean', description: PLACE_FLAGS.sandbox.description },
  },
  async run(flags): Promise<ExitCode> {
    const { reset } = await import('./reset.ts');
    return reset(flags);
  },
});
