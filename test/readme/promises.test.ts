/** Each promise of SECURITY.md beside the tests that prove it; a promise without one, or a proof that is gone, fails. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../support/cloud.ts';

/** By who tries and what: the first two cells of a row. What stands in a test's title is quoted as it is there. */
const PROOFS: Readonly<Record<string, readonly [file: string, title: string][]>> = {
  'a mini-program user, a web user: call `getAccessToken` or `refreshAccessToken` directly': [
    ['test/cloud/callers.test.ts', '%s is refused with 403 and how to call it properly'],
    ['test/cloud/callers.test.ts', 'refreshAccessToken answers %s with %s'],
    ['test/deploy/steps.test.ts', 'brings an empty environment to what it should be'],
  ],
  'a mini-program user: get the token by one of your functions': [
    ['test/examples/functions.test.ts', 'works, and tells the client no secret'],
  ],
  'anybody over HTTP: bind an HTTP route to a function': [
    ['test/runtime/caller-spoof.test.ts', 'with %s is an HTTP request'],
  ],
  'a caller that forges event fields (`Type: "Timer"`, `userInfo`, prototype keys): pose as the timer or as a function':
    [
      ['test/runtime/caller-spoof.test.ts', 'that %s turns no user into a function'],
      ['test/runtime/caller-spoof.test.ts', 'makes all of it void: %s'],
      ['test/cloud/callers.test.ts', 'a forged timer event from a client changes nothing'],
    ],
  'a caller that reports tokens: make the system fetch without end': [
    ['test/token/report.test.ts', 'hands a newborn out again instead of replacing it'],
    [
      'test/token/report.test.ts',
      'mints nothing for tokens that are none of ours, however many are reported',
    ],
  ],
  'a reader of the database or of its backups: take the token': [
    ['test/cloud/encryption.test.ts', 'leaves neither token nor secret in a dump of the database'],
    ['test/store/cipher.test.ts', 'opens nothing that was sealed for another AppID'],
  ],
  'a reader of the logs: find a secret': [
    ['test/runtime/log.test.ts', 'drops every field that is not listed'],
    ['test/secrets/canary.test.ts', 'on %s'],
  ],
  'anyone whose text gets into a log: fake lines, control a terminal': [
    ['test/runtime/log.test.ts', 'stays one line, whatever a text brings along'],
    ['test/runtime/log.test.ts', 'cuts long texts'],
  ],
  'somebody between the functions and WeChat: read or change the answer': [
    ['test/wechat/send.test.ts', 'that redirects is not followed: the other server hears nothing'],
    ['test/wechat/mint-failure.test.ts', '%s is masked wherever it stands'],
  ],
  'a page in the browser of a developer who runs `npm start`: reach the embedded cloud': [
    ['test/abuse/loopback.test.ts', 'listens on 127.0.0.1 alone'],
    ['test/abuse/loopback.test.ts', 'is the only way in which a script opens a server'],
    ['test/start/doors.test.ts', 'answers 403 to a request %s, even with the secret'],
    ['test/dashboard/serve.test.ts', 'tells and does nothing without the secret of this start'],
  ],
};

/** The one paragraph beside the table that promises something: what another user of the machine can't do. */
const OTHER_USERS = [
  ['test/start/doors.test.ts', 'can open no file and no folder of the data, whatever the umask'],
  ['test/start/doors.test.ts', 'gets 401 from the door without the secret, which stands in door.json'],
  ['test/local/wechat/knobs.test.ts', 'turns no knob and tells no state without the secret of this start'],
  ['test/dashboard/serve.test.ts', 'tells and does nothing without the secret of this start'],
] as const;

/** What the paragraphs about the supply chain promise. */
const SUPPLY_CHAIN = [
  ['test/build/lock.test.ts', '%s has no entry without integrity'],
  [
    'test/build/licences.test.ts',
    'stand beside each function, with the text of every package that is bundled',
  ],
] as const;

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

function rowsOf(page: string): string[][] {
  const lines = read(page)
    .split('\n')
    .filter((line) => line.startsWith('| '));
  const cells = lines.map((line) => line.split(' | ').map((cell) => cell.replace(/^\| | \|$/g, '').trim()));
  // Behind the head and the line below it.
  return cells.slice(2);
}

describe('SECURITY.md', () => {
  it('promises nothing in its table that no test is named for, in both languages', () => {
    const promises = rowsOf('SECURITY.md').map(([who, what]) => `${who}: ${what}`);
    expect(promises).toEqual(Object.keys(PROOFS));
    expect(rowsOf('SECURITY.zh-CN.md')).toHaveLength(promises.length);
  });

  it('says what another user of the machine can and can’t do, in both languages', () => {
    expect(read('SECURITY.md')).toContain('**Another user of the machine**');
    expect(read('SECURITY.zh-CN.md')).toContain('**本机的其他用户**');
  });

  it.each([...Object.values(PROOFS).flat(), ...OTHER_USERS, ...SUPPLY_CHAIN])(
    'is proved by %s: “%s”',
    (file, title) => {
      expect(read(file)).toContain(`'${title}`);
    },
  );
});
