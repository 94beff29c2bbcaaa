/** Starts the page in the browser. */

import { render } from 'preact';
import { watchWorst } from './alarm.ts';
import { App } from './app.tsx';
import { showPreferences } from './preferences.ts';
import { takeSecret } from './secret.ts';
import { openStream } from './stream.ts';

showPreferences();
takeSecret();
openStream();
watchWorst();
render(<App />, document.body);
