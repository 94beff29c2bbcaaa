/** The proxy of a command: one for all that it sends, whichever library sends it. */

import { readProxy, type Proxy } from './read.ts';

/** Until the function that it gives back is called. An address that is none is refused by whoever needs to get out. */
export async function enterProxy(env: NodeJS.ProcessEnv): Promise<() => void> {
  const proxy = usableProxy(env);
  if (proxy === undefined) return () => undefined;
  const { honourProxy } = await import('./honour.ts');
  const leave = honourProxy(proxy);
  const { http_proxy: before } = env;
  // A library of the platform takes this one for all hosts, whatever no_proxy says; ours are read from the other.
  delete env['http_proxy'];
  const { https_proxy: secure } = env;
  env['https_proxy'] = proxy.url;
  return () => {
    leave();
    restore(env, 'http_proxy', before);
    restore(env, 'https_proxy', secure);
  };
}

/** Undefined, too, where it is no address. */
export function usableProxy(env: NodeJS.ProcessEnv): Proxy | undefined {
  try {
    return readProxy(env);
  } catch {
    return undefined;
  }
}

function restore(env: NodeJS.ProcessEnv, name: string, value: string | undefined): void {
  if (value === undefined) delete env[name];
  else env[name] = value;
}
