/** `npm start`: the whole thing on this machine, without an account. */

import { defineCommand, type ExitCode } from '../command/definition.ts';
import { OWN_FOLDER } from '../command/folders.ts';

export default defineCommand({
  description: {
    en: 'The timer, the functions, the database and WeChat, on this machine.',
    zh: '在本机运行定时器、云函数、数据库和微信（沙箱或真实接口）。',
  },
  flags: {
    once: {
      type: 'boolean',
      description: {
        en: 'one round trip, then exit 0 if it worked',
        zh: '完整跑一遍就退出，成功时退出码为 0',
      },
    },
    sandbox: {
      type: 'boolean',
      description: {
        en: 'WeChat is the sandbox, whatever credentials are set',
        zh: '用沙箱代替微信，无论配置了什么密钥',
      },
    },
    port: {
      type: 'string',
      description: {
        en: 'port of the client door; without it 18600, with --once any free one',
        zh: '本机入口的端口；不指定时为 18600，与 --once 同用时任选空闲端口',
      },
    },
    functions: {
      type: 'list',
      description: {
        en: 'folder of your own cloud functions, to run beside ours; may be given several times',
        zh: '你自己的云函数目录，与本项目的一起运行；可多次指定',
      },
    },
    project: {
      type: 'list',
      description: {
        en: 'folder of a mini program, whose project.config.json or cloudbaserc.json names that folder',
        zh: '小程序目录，由其中的 project.config.json 或 cloudbaserc.json 指明云函数目录',
      },
    },
    quiet: {
      type: 'boolean',
      description: { en: 'without what your functions print', zh: '不显示你的云函数输出的内容' },
    },
    inspect: {
      type: 'list',
      description: {
        en: 'function of yours that runs with an inspector for a debugger; its address is printed',
        zh: '要调试的云函数；启动后显示调试地址',
      },
    },
    seed: {
      type: 'string',
      description: {
        en: 'folder of <collection>.json files, which fill the collections that are empty',
        zh: '存放 <集合名>.json 的目录，用来填充空的集合',
      },
    },
    'env-file': {
      type: 'string',
      description: {
        en: 'file to write what the SDKs in a script outside need to reach this cloud; gone at the end',
        zh: '把外部脚本中的 SDK 连接本环境所需的变量写入该文件；结束时删除',
      },
      excludes: 'once',
    },
    data: {
      type: 'string',
      default: `${OWN_FOLDER}/data`,
      description: { en: 'folder of the database', zh: '数据库所在的目录' },
    },
  },
  async run(flags): Promise<ExitCode> {
    const { start } = await import('./start.ts');
    return start(flags);
  },
});
