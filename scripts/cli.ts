/** The one entry of all commands, and the table of them. A command is loaded when it is the one that was asked for. */

import { callOf } from './command/call.ts';
import { asksForHelp, fail, runCommand, show } from './command/command.ts';
import { PROJECT_FOLDER } from './command/folders.ts';
import { removeLeftHomes } from './platform/cli-home.ts';
import { enterProxy } from './proxy/enter.ts';
import type { Entry, Environment, ExitCode } from './command/definition.ts';
import { tableOf } from './command/help.ts';
import { suggest } from './command/nearest.ts';
import { DEVELOPER_COMMANDS } from './developer-commands.ts';

export const COMMANDS: Readonly<Record<string, Entry>> = {
  start: {
    description: 'the timer, the functions, the database and WeChat on this machine',
    load: async () => (await import('./start/command.ts')).default,
  },
  setup: {
    description: 'writes the settings of one app to .env.local, checked with WeChat',
    load: async () => (await import('./setup/command.ts')).default,
  },
  deploy: {
    description: 'brings a CloudBase environment to what this package says, and proves it',
    load: async () => (await import('./deploy/command.ts')).default,
  },
  add: {
    description: 'the built functions for your own project, to upload by WeChat DevTools or tcb',
    load: async () => (await import('./add/command.ts')).default,
  },
  destroy: {
    description: 'removes what deploy has made, after confirmation',
    load: async () => (await import('./destroy/command.ts')).default,
  },
  prove: {
    description: 'tries what this package takes for granted of the database, on the platform itself',
    load: async () => (await import('./prove/command.ts')).default,
  },
  doctor: {
    description: 'what is wrong, why it matters, and what cures it',
    load: async () => (await import('./doctor/command.ts')).default,
  },
  status: {
    description: 'what is stored for each app, what comes next, what went wrong',
    load: async () => (await import('./status/command.ts')).default,
  },
  refresh: {
    description: 'a new token now; with --leaked the stored one is killed',
    load: async () => (await import('./refresh/command.ts')).default,
  },
  reset: {
    description: 'the sandbox of the embedded cloud as on its first day',
    load: async () => (await import('./reset/command.ts')).default,
  },
  dashboard: {
    description: 'the state of an environment as a page on this machine',
    load: async () => (await import('./dashboard/command.ts')).default,
  },
  'server-key': {
    description: 'keys of servers outside CloudBase that share the token',
    load: async () => (await import('./server-key/command.ts')).default,
  },
  ...DEVELOPER_COMMANDS,
};

/** Runs the command that the first word names. */
export async function main(
  [name = 'help', ...args]: readonly string[],
  env: Environment = process.env,
): Promise<ExitCode> {
  tidyUp();
  const entry = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (entry !== undefined) return runHonouringProxy(() => entry.load(), name, args, env);
  if (name === 'help' || asksForHelp([name])) return help(args, env);
  const meant = suggest(name, Object.keys(COMMANDS));
  return fail(`there is no command ${JSON.stringify(name)}${meant} (${callOf('help')} lists all)`);
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

/** The list, or with a name the help of that command. */
async function help([name, ...rest]: readonly string[], env: Environment): Promise<ExitCode> {
  if (name !== undefined && !asksForHelp([name]) && rest.length === 0) return main([name, '--help'], env);
  if (rest.length > 0) return fail(`help takes one name: ${callOf('help', 'deploy')}`);
  const more = `${callOf('NAME', '--help')} tells the flags of one.`;
  return show(['Commands', '', ...tableOf(Object.entries(COMMANDS)), '', more].join('\n'));
}
