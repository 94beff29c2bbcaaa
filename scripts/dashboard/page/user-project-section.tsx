/** The user's functions and collections: a line each, and on request what they printed and what is in them. */

import { signal } from '@preact/signals';
import type { UserProjectState } from '../snapshot.ts';
import { texts } from './preferences.ts';
import { authorization } from './secret.ts';

/** By path, as it was when it was opened. */
const opened = signal<Readonly<Record<string, string>>>({});

export function UserProjectSection({ userProject }: { userProject: UserProjectState }) {
  const t = texts.value;
  return (
    <section class="card" aria-labelledby="user-project">
      <h2 id="user-project">{t.userProject}</h2>
      {userProject.functions.map(({ name, calls, errors, coldStarts, lastLine }) => (
        <Details key={name} path={`functions/${name}`} title={name}>
          {t.userCalls(calls, errors, coldStarts)} {lastLine}
        </Details>
      ))}
      {userProject.collections.length > 0 && <h3>{t.collections}</h3>}
      {userProject.collections.map((name) => (
        <Details key={name} path={`collections/${name}`} title={name} />
      ))}
    </section>
  );
}

function Details({ path, title, children }: { path: string; title: string; children?: unknown }) {
  return (
    <details onToggle={({ currentTarget }) => currentTarget.open && void load(path)}>
      <summary>
        <b>{title}</b> <span class="muted">{children as string}</span>
      </summary>
      <pre class="scroll" tabIndex={0} aria-label={title}>
        {opened.value[path] ?? ''}
      </pre>
    </details>
  );
}

async function load(path: string): Promise<void> {
  const text = await fetch(`/${path.split('/').map(encodeURIComponent).join('/')}`, {
    headers: authorization(),
  })
    .then(async (response) => ((await response.json()) as { lines?: string[] }).lines ?? [])
    .then((lines) => lines.join('\n') || texts.value.nothingYet)
    .catch(() => texts.value.lostAtOnce);
  opened.value = { ...opened.value, [path]: text };
}
