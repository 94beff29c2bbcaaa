/** Where the time of a cold `require` goes: V8's own profile of a fresh process, summed up by kind. */

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Shares of the whole, in percent. */
export interface LoadProfile {
  parsing: number;
  nodeModules: number;
  running: number;
  rest: number;
}

interface Profile {
  nodes: { id: number; callFrame: { functionName: string; url: string } }[];
  samples: number[];
  timeDeltas: number[];
}

/** The profiler slows everything down: only the shares mean something. */
export async function profileOf(modules: readonly string[], env: NodeJS.ProcessEnv): Promise<LoadProfile> {
  const args = ['--input-type=commonjs', '-e', PROGRAM, '--', ...modules];
  const { stdout } = await promisify(execFile)(process.execPath, args, { env, maxBuffer: 64 * 1024 * 1024 });
  return summed(JSON.parse(stdout) as Profile);
}

function summed({ nodes, samples, timeDeltas }: Profile): LoadProfile {
  const kinds = new Map(nodes.map(({ id, callFrame }) => [id, kindOf(callFrame)]));
  const spent: LoadProfile = { parsing: 0, nodeModules: 0, running: 0, rest: 0 };
  samples.forEach((id, index) => (spent[kinds.get(id) ?? 'rest'] += timeDeltas[index] ?? 0));
  const total = Object.values(spent).reduce((sum: number, one: number) => sum + one, 0);
  const share = (part: number): number => Math.round((part / total) * 100);
  return {
    parsing: share(spent.parsing),
    nodeModules: share(spent.nodeModules),
    running: share(spent.running),
    rest: share(spent.rest),
  };
}

function kindOf({ functionName, url }: Profile['nodes'][number]['callFrame']): keyof LoadProfile {
  // Where Node hands a file's text to V8.
  if (functionName === 'wrapSafe') return 'parsing';
  if (url.startsWith('node:')) return 'nodeModules';
  return url === '' ? 'rest' : 'running';
}

const PROGRAM = `
const { Session } = require('node:inspector');
const session = new Session();
session.connect();
session.post('Profiler.enable');
session.post('Profiler.setSamplingInterval', { interval: 100 });
session.post('Profiler.start');
for (const module of process.argv.slice(1)) require(module);
session.post('Profiler.stop', (error, { profile }) => {
  process.stdout.write(JSON.stringify(profile), () => process.exit());
});
`;
