/** The page as a whole: head, one section per app, and beside them the sandbox where there is one. */

import { respellFor } from '../../command/respell.ts';
import type { Snapshot } from '../snapshot.ts';
import { AppRow } from './app-row.tsx';
import { AppSection } from './app-section.tsx';
import { WithCommands } from './commands.tsx';
import { Head, Warnings } from './head.tsx';
import { UserProjectSection } from './user-project-section.tsx';
import { judged, search } from './judged.ts';
import { Overview } from './overview.tsx';
import { texts } from './preferences.ts';
import { SandboxPanel } from './sandbox-panel.tsx';
import { snapshot } from './stream.ts';
import { TicketsSection } from './tickets-section.tsx';

export function App() {
  const { value } = snapshot;
  const sandbox = value?.sandbox ?? null;
  return (
    <>
      <a class="skip" href="#content">
        {texts.value.skip}
      </a>
      <Head />
      <Warnings />
      <div class={sandbox === null ? 'columns' : 'columns with-panel'}>
        <main id="content" tabIndex={-1}>
          {value !== null && <Apps at={value} />}
          {value !== null && value.tickets.length > 0 && <TicketsSection tickets={value.tickets} />}
          {value?.userProject && <UserProjectSection userProject={value.userProject} />}
          {value?.apps.length === 0 && <NoApp at={value} />}
        </main>
        {sandbox !== null && <SandboxPanel state={sandbox} />}
      </div>
    </>
  );
}

function Apps({ at }: { at: Snapshot }) {
  const apps = judged.value;
  const [only] = apps;
  if (apps.length === 1 && only !== undefined) return <AppSection app={only} at={at} />;
  const wanted = search.value.trim().toLowerCase();
  const shown = apps.filter(({ report: { appid } }) => appid.toLowerCase().includes(wanted));
  return (
    <>
      {apps.length > 0 && <Overview apps={apps} />}
      {shown.map((app) => (
        <AppRow key={app.report.appid} app={app} at={at} />
      ))}
      {shown.length === 0 && apps.length > 0 && <p class="muted">{texts.value.searchNone}</p>}
    </>
  );
}

function NoApp({ at }: { at: Snapshot }) {
  return (
    <section class="card">
      <p class="headline">{texts.value.noApp}</p>
      <p>
        <WithCommands text={respellFor(at.at.isInstalled, texts.value.noAppTodo, at.at.flags)} />
      </p>
    </section>
  );
}
