/** The page as a whole: head, one section per app, and beside them the sandbox where there is one. */

import type { Snapshot } from '../snapshot.ts';
import { AppSection } from './app-section.tsx';
import { withCommandsOf } from './format.ts';
import { Head, Warnings } from './head.tsx';
import { HostedSection } from './hosted-section.tsx';
import { texts } from './preferences.ts';
import { SandboxPanel } from './sandbox-panel.tsx';
import { snapshot } from './stream.ts';

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
          {value?.apps.map((report) => (
            <AppSection key={report.appid} report={report} at={value} />
          ))}
          {value?.hosted && <HostedSection hosted={value.hosted} />}
          {value?.apps.length === 0 && <NoApp at={value} />}
        </main>
        {sandbox !== null && <SandboxPanel state={sandbox} />}
      </div>
    </>
  );
}

function NoApp({ at }: { at: Snapshot }) {
  return (
    <section class="card">
      <p class="headline">{texts.value.noApp}</p>
      <p>{withCommandsOf(at, texts.value.noAppTodo)}</p>
    </section>
  );
}
