/** What commands tell can be typed as it stands. */

import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { asWord } from '../../scripts/command/words.ts';

it.each(['/a/b-1.c', '/我的/x', '/my project/.env.local', '/a "b"/$HOME/`id`', 'a;b', '(a)&'])(
  'a shell reads the path %s back from the command',
  (path) => {
    const read = execFileSync('sh', ['-c', `printf %s ${asWord(path)}`], { encoding: 'utf8' });
    expect(read).toBe(path);
  },
);

it('a path of Windows, and one that needs none, gets no quotes', () => {
  expect(['C:\\Users\\我\\app', './x/y'].map(asWord)).toEqual(['C:\\Users\\我\\app', './x/y']);
  expect(asWord('C:\\Program Files\\app')).toBe('"C:\\Program Files\\app"');
});
