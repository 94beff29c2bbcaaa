/** How every operator's command starts and ends: strict flags, one line per error, exit codes that mean something. */

import { defineCommand, runMain, type ArgsDef, type ParsedArgs } from 'citty';
import { showUsage } from './help.ts';

/** 0: it did what it says. 1: it did not. 2: it could not even look (`doctor` and `status`). */
export type ExitCode = 0 | 1 | 2;

export interface CommandOptions<T extends ArgsDef> {
  /** As in `npm run <name>`. */
  name: string;
  description: string;
  args: T;
  run(args: ParsedArgs<T>): Promise<ExitCode>;
  /** What an error that nobody expected ends with; default 1. */
  failsWith?: ExitCode;
}

export async function runCommand<T extends ArgsDef>(options: CommandOptions<T>): Promise<void> {
  const { name, description, args, run, failsWith = 1 } = options;
  const command = defineCommand({
    meta: { name: `npm run ${name} --`, description },
    args,
    async run({ args: parsed, rawArgs }) {
      process.exitCode = await guarded(async () => {
        requireYesOrNo(args, rawArgs);
        requireKnown(name, args, parsed, process.env);
        return run(parsed);
      }, failsWith);
    },
  });
  await runMain(command, { showUsage });
}

/** Throws for a flag that nobody defined: a mistyped `--leaked` must not become an ordinary refresh. */
export function requireKnown(
  name: string,
  args: ArgsDef,
  parsed: object,
  env: Record<string, string | undefined>,
): void {
  const known = new Set(Object.keys(args).flatMap((flag) => [flag, camelCase(flag)]));
  const given = parsed as Record<string, unknown> & { _?: string[] };
  const unknown = Object.keys(given).find((flag) => flag !== '_' && !known.has(flag));
  if (unknown !== undefined)
    throw new Error(`unknown flag --${unknown}: npm run ${name} -- --help lists them`);
  const stray = given._?.[0];
  if (stray !== undefined)
    throw new Error(`"${stray}" belongs to no flag: npm run ${name} -- --help lists them`);
  const empty = Object.keys(args).find((flag) => args[flag]?.type === 'string' && given[flag] === '');
  if (empty !== undefined) throw new Error(`--${empty} needs a value: --${empty}=…`);
  const kept = Object.keys(args).find((flag) => isKeptByNpm(flag, args[flag]?.default, given, env));
  if (kept !== undefined)
    throw new Error(`npm kept --${kept} for itself: write npm run ${name} -- --${kept} (with -- in between)`);
}

/** Throws for a switch with another value: citty takes `--leaked=maybe` for yes. */
export function requireYesOrNo(args: ArgsDef, rawArgs: readonly string[]): void {
  const switches = new Set(
    Object.keys(args).flatMap((flag) => (args[flag]?.type === 'boolean' ? [flag, camelCase(flag)] : [])),
  );
  for (const given of rawArgs) {
    if (given === '--') return;
    const [, flag = '', value] = /^--([^=]+)=(.*)$/s.exec(given) ?? [];
    if (switches.has(flag) && value !== 'true' && value !== 'false')
      throw new Error(`--${flag} is true or false, not ${JSON.stringify(value)}: --${flag} alone means true`);
  }
}

/** Flags that npm has, too: a setting of that name in an .npmrc means nothing here. */
const NPMS_OWN = new Set(['json', 'yes']);

/** `npm run refresh --leaked` hands no flag on; npm only leaves a trace of it in the environment. */
function isKeptByNpm(
  flag: string,
  usual: unknown,
  given: Record<string, unknown>,
  env: Record<string, string | undefined>,
): boolean {
  const isGiven = given[flag] !== undefined && given[flag] !== usual;
  return !isGiven && !NPMS_OWN.has(flag) && env[`npm_config_${flag.replaceAll('-', '_')}`] !== undefined;
}

async function guarded(run: () => Promise<ExitCode>, failsWith: ExitCode): Promise<ExitCode> {
  try {
    return await run();
  } catch (error) {
    console.error(`✗ ${error instanceof Error ? error.message : String(error)}`);
    return failsWith;
  }
}

function camelCase(flag: string): string {
  return flag.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}
