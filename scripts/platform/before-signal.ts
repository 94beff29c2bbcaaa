/** What a process still does when a signal ends it. */

/** All that it can catch and is ended by. */
const SIGNALS: readonly NodeJS.Signals[] = [
  ...(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGABRT', 'SIGALRM', 'SIGUSR2'] as const),
  ...(['SIGVTALRM', 'SIGXCPU', 'SIGIO', 'SIGPWR', 'SIGSTKFLT'] as const),
];

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
