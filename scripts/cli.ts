/** The one entry of all commands, and the table of them. A command is loaded when it is the one that was asked for. */

import { chooseLanguage, pick } from './command/language.ts';
import { callOf } from './command/call.ts';
import { asksForHelp, fail, runCommand, show } from './command/command.ts';
import { PROJECT_FOLDER } from './command/folders.ts';
import { removeLeftHomes } from './platform/cli-home.ts';
import { enterProxy } from './proxy/enter.ts';
import { defineCommand, type Entry, type Environment, type ExitCode } from './command/definition.ts';
import { tableOf } from './command/help.ts';
import { suggest } from './command/nearest.ts';
import { DEVELOPER_COMMANDS } from './developer-commands.ts';

export const COMMANDS: Readonly<Record<string, Entry>> = {
  start: {
    description: {
      en: 'the timer, the functions, the database and WeChat on this machine',
      zh: '在本机运行定时器、云函数、数据库和微信（沙箱或真实接口）',
    },
    load: async () => (await import('./start/command.ts')).default,
  },
  setup: {
    description: {
      en: 'writes the settings of one app to .env.local, checked with WeChat',
      zh: '把一个应用的配置写入 .env.local，并向微信核对',
    },
    load: async () => (await import('./setup/command.ts')).default,
  },
  deploy: {
    description: {
      en: 'brings a CloudBase environment to what this package says, and proves it',
      zh: '把本项目部署到云开发环境，并验证',
    },
    load: async () => (await import('./deploy/command.ts')).default,
  },
  add: {
    description: {
      en: 'the built functions for your own project, to upload by WeChat DevTools or tcb',
      zh: '把构建好的云函数放进你自己的项目，用微信开发者工具或 tcb 上传',
    },
    load: async () => (await import('./add/command.ts')).default,
  },
  destroy: {
    description: {
      en: 'removes what deploy has made, after confirmation',
      zh: '删除 deploy 创建的内容，执行前须确认',
    },
    load: async () => (await import('./destroy/command.ts')).default,
  },
  prove: {
    description: {
      en: 'tries what this package takes for granted of the database, on the platform itself',
      zh: '在平台上实测本项目所依赖的前提',
    },
    load: async () => (await import('./prove/command.ts')).default,
  },
  doctor: {
    description: {
      en: 'what is wrong, why it matters, and what cures it',
      zh: '检查哪里有问题、有什么影响、怎样处理',
    },
    load: async () => (await import('./doctor/command.ts')).default,
  },
  status: {
    description: {
      en: 'what is stored for each app, what comes next, what went wrong',
      zh: '每个应用存了什么、接下来做什么、出过什么错',
    },
    load: async () => (await import('./status/command.ts')).default,
  },
  refresh: {
    description: {
      en: 'a new token now; with --leaked the stored one is killed',
      zh: '立即获取新的 token；加 --leaked 使已存的作废',
    },
    load: async () => (await import('./refresh/command.ts')).default,
  },
  reset: {
    description: {
      en: 'the sandbox of the embedded cloud as on its first day',
      zh: '把本地模拟云环境的沙箱恢复到初始状态',
    },
    load: async () => (await import('./reset/command.ts')).default,
  },
  dashboard: {
    description: {
      en: 'the state of an environment as a page on this machine',
      zh: '在本机用网页查看环境的状态',
    },
    load: async () => (await import('./dashboard/command.ts')).default,
  },
  'server-key': {
    description: {
      en: 'keys of servers outside CloudBase that share the token',
      zh: '管理云开发之外的服务器共用 token 的密钥',
    },
    load: async () => (await import('./server-key/command.ts')).default,
  },
  ...DEVELOPER_COMMANDS,
};

/** Runs the command that the first word names. */
export async function main(
  [name = 'help', ...args]: readonly string[],
  env: Environment = process.env,
): Promise<ExitCode> {
  // Before anything is told, also an error in the line.
  chooseLanguage([name, ...args], env);
  tidyUp();
  return runNamed(name, args, env);
}

async function runNamed(name: string, args: readonly string[], env: Environment): Promise<ExitCode> {
  const entry = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (entry !== undefined) return runHonouringProxy(() => entry.load(), name, args, env);
  if (name === 'help') return help(args, env);
  if (asksForHelp([name])) return list();
  const meant = suggest(name, Object.keys(COMMANDS));
  const given = JSON.stringify(name);
  return fail(
    pick({
      en: `there is no command ${given}${meant} (${callOf('help')} lists all)`,
      zh: `没有命令 ${given}${meant}（${callOf('help')} 列出全部）`,
    }),
  );
}

/** Before the command is loaded, with its libraries. */
async function runHonouringProxy(
  load: Entry['load'],
  name: string,
  args: readonly string[],
  env: Environment,
): Promise<ExitCode> {
  const leave = await enterProxy(process.env);
  try {
    return await runCommand(name, await load(), args, env);
  } finally {
    leave();
  }
}

/** Keys that a killed deployment has left must not wait for the next deployment; no command fails because of it. */
function tidyUp(): void {
  try {
    removeLeftHomes(PROJECT_FOLDER);
  } catch {
    // A folder that can't be read or written is told by the command that needs it.
  }
}

/** Without a name the list, with one the help of that command. */
function help(args: readonly string[], env: Environment): Promise<ExitCode> {
  const command = defineCommand({
    description: { en: 'Lists the commands, or the flags of one.', zh: '列出所有命令，或某个命令的参数。' },
    words: ['[NAME]', '[MORE]'],
    flags: {},
    async run(_, [name, ...rest]): Promise<ExitCode> {
      if (rest.length > 0) return fail(pick(ONE_NAME));
      return name === undefined ? list() : runNamed(name, ['--help'], env);
    },
  });
  return asksForHelp(args) ? Promise.resolve(list()) : runCommand('help', command, args, env);
}

function list(): ExitCode {
  const more = pick({
    en: `${callOf('NAME', '--help')} tells the flags of one.`,
    zh: `${callOf('命令', '--help')} 列出某个命令的参数。`,
  });
  const title = pick({ en: 'Commands', zh: '命令' });
  return show([title, '', ...tableOf(Object.entries(COMMANDS)), '', more].join('\n'));
}

const ONE_NAME = {
  en: `help takes one name: ${callOf('help', 'deploy')}`,
  zh: `help 后面只能写一个命令：${callOf('help', 'deploy')}`,
};
