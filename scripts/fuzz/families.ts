/** All kinds of input that are tried. */

import type { Family } from './family.ts';
import { callers } from './families/callers.ts';
import { documents } from './families/documents.ts';
import { events } from './families/events.ts';
import { lines } from './families/lines.ts';
import { replies } from './families/replies.ts';
import { sealed } from './families/sealed.ts';
import { settings } from './families/settings.ts';

export const families: readonly Family[] = [callers, events, documents, replies, settings, sealed, lines];
