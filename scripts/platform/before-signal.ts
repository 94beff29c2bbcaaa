/** What a process still does when a signal ends it. */

/** All that it can catch and is ended by. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;

/** Then it ends by that signal all the same. The function that it gives back takes this back. */
export function beforeSignal(run: () => void): () => void {
  const stop = (signal: NodeJS.Signals): void => {
    run();
    process.kill(process.pid, signal);
  };
  for (const signal of SIGNALS) process.once(signal, stop);
  return () => {
    for (const signal of SIGNALS) process.off(signal, stop);
  };
}
