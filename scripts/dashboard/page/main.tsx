/** Starts the page in the browser. */

import { render } from 'preact';
import { App } from './app.tsx';
import { showPreferences } from './preferences.ts';
import { takeSecret } from './secret.ts';
import { openStream } from './stream.ts';

showPreferences();
takeSecret();
openStream();
render(<App />, document.body);
