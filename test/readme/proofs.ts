/** Which tests prove what SECURITY.md says. What stands in a test's title is quoted as it is there. */

export type Proof = readonly [file: string, title: string];

const RUNBOOK = 'test/security.test.ts';
const CALLERS = 'test/cloud/callers.test.ts';
const STRANGERS = 'test/outside/strangers.test.ts';
const DOORS = 'test/start/doors.test.ts';
const MANUAL = 'test/token/manual-refresh.test.ts';

/** The table, by its first two cells: who, and what they can try. */
export const PROOFS: Readonly<Record<string, readonly Proof[]>> = {
  'a mini-program user, a web user: call `getAccessToken` or `refreshAccessToken` directly': [
    [CALLERS, '%s is refused with 403 and how to call it properly'],
    [CALLERS, 'refreshAccessToken answers %s with %s'],
    [CALLERS, 'TRUSTED_SOURCES admits a whole source and nothing that only resembles it'],
    ['test/runtime/caller-spoof.test.ts', 'nobody reads a token but those whose last hop is scf'],
    ['test/deploy/steps.test.ts', 'brings an empty environment to what it should be'],
  ],
  'a mini-program user: get the token by one of your functions': [
    ['test/examples/functions.test.ts', 'works, and tells the client no secret'],
  ],
  'anybody over HTTP: bind an HTTP route to `getAccessToken` or `refreshAccessToken`': [
    ['test/runtime/caller-spoof.test.ts', 'with %s is an HTTP request'],
    ['test/runtime/caller.test.ts', '$who: reads $mayRead, refreshes $mayRefresh'],
  ],
  'anybody who reaches the outside door (`accessTokenHttp`, absent without a server key): guess a key, keep the servers out':
    [
      [STRANGERS, 'with a wrong, a revoked, another app’s, or no key is refused, and nothing is minted'],
      [STRANGERS, 'costs no database read, and never keeps a right key out, known to the instance or not'],
      [STRANGERS, 'is in no log line and nowhere in the database, right or wrong'],
      [STRANGERS, 'has 256 random bits'],
    ],
  'a caller that forges event fields (`Type: "Timer"`, `userInfo`, prototype keys): pose as the timer or as a function':
    [
      ['test/runtime/caller-spoof.test.ts', 'that %s turns no user into a function'],
      ['test/runtime/caller-spoof.test.ts', 'makes all of it void: %s'],
      [CALLERS, 'a forged timer event from a client changes nothing'],
    ],
  'a caller that reports tokens: make the system fetch without end': [
    ['test/token/report.test.ts', 'hands a newborn out again instead of replacing it'],
    [
      'test/token/report.test.ts',
      'mints nothing for tokens that are none of ours, however many are reported',
    ],
    [
      'test/token/refuted.test.ts',
      'a token that WeChat accepts is handed back, for 30 s without another call',
    ],
    ['test/token/refuted.test.ts', 'after three refuted ones no report is believed unseen for a day'],
    ['test/token/learned-limit.test.ts', 'is remembered as the limit, and keeps the reserve of the timer'],
  ],
  'a page that wants a signature (`getTicket`, absent without `WX_TICKETS`): have a page of its own signed': [
    ['test/cloud/tickets.test.ts', 'answers functions alone: no client, no console, no HTTP request'],
    ['test/local/wechat/tickets.test.ts', 'with the domains %j the page %s gets %i'],
  ],
  'a reader of the database or of its backups: take the token': [
    [
      'test/cloud/encryption.test.ts',
      'reads a token stored in clear when keys are introduced, seals it at the next refresh, and leaves neither token nor secret in a dump of the database',
    ],
    ['test/store/cipher.test.ts', 'seals the same token differently each time'],
    ['test/store/cipher.test.ts', 'opens nothing that was sealed for another AppID'],
  ],
  'a reader of the logs: find a secret': [
    ['test/runtime/log.test.ts', 'drops every field that is not listed'],
    ['test/secrets/canary.test.ts', 'on %s'],
    ['test/start/start.test.ts', 'does one round trip and exits 0, and a second start mints nothing'],
  ],
  'anyone whose text gets into a log: fake lines, control a terminal': [
    ['test/runtime/log.test.ts', 'stays one line, whatever a text brings along'],
    ['test/runtime/log.test.ts', 'cuts long texts'],
  ],
  'somebody between the functions and WeChat: read or change the answer': [
    ['test/wechat/send.test.ts', 'that redirects is not followed: the other server hears nothing'],
    ['test/wechat/send-failures.test.ts', 'is one to a server whose certificate nobody vouches for'],
    ['test/wechat/send-failures.test.ts', 'is an answer that is far too long to be WeChat speaking'],
    ['test/wechat/send-failures.test.ts', 'can name a proxy, and the request goes past it'],
    ['test/proxy/commands.test.ts', 'the local functions reach WeChat through it, by axios and by fetch'],
    ['test/proxy/honour.test.ts', 'asks by CONNECT, and tells the proxy no path and no query: %s'],
    ['test/runtime/config.test.ts', 'WX_API_BASE_URLS'],
    ['test/wechat/mint-failure.test.ts', '%s is masked wherever it stands'],
  ],
  'a page in the browser of a developer who runs `npm start`: reach the embedded cloud': [
    ['test/abuse/loopback.test.ts', 'listens on 127.0.0.1 alone'],
    ['test/abuse/loopback.test.ts', 'is the only way in which a script opens a server'],
    [DOORS, 'answers 403 to a request %s, even with the secret'],
    ['test/dashboard/serve.test.ts', 'tells and does nothing without the secret of this start'],
    ['test/local/gateway/admission.test.ts', 'a request without signature, under HTTP 200'],
  ],
};

/** The sentences outside of the table, by how they begin. */
export const SENTENCES: Readonly<Record<string, readonly Proof[]>> = {
  '**A token that WeChat has issued** can only be invalidated': [
    [MANUAL, 'kill a leaked token with the second mint in token mode'],
  ],
  '**Another user of the machine** on which': [
    ['test/dashboard/serve.test.ts', 'tells and does nothing without the secret of this start'],
  ],
  "Such a user can't call a function, use a control, or read or write a document or a file": [
    [DOORS, 'gets 401 from the door without the secret, which stands in door.json'],
    ['test/local/wechat/knobs.test.ts', 'turns no knob and tells no state without the secret of this start'],
    ['test/dashboard/serve.test.ts', 'tells and does nothing without the secret of this start'],
    ['test/local/gateway/admission.test.ts', 'a request without signature, under HTTP 200'],
  ],
  'It is in `.local/data/door.json`': [
    [DOORS, 'can open no file and no folder of the data, whatever the umask'],
    [DOORS, 'gets 401 from the door without the secret, which stands in door.json'],
  ],
  'With `--inspect` the address of the inspector': [
    [
      'test/local/functions/reload.test.ts',
      'an inspected function runs in one instance that tells its address to us alone',
    ],
  ],
  'Two things remain': [[DOORS, 'can have the sandbox issue a token, which opens nothing']],
  '**Somebody who can write to the database** can replace': [
    ['test/cloud/encryption.test.ts', 'reads a token stored in clear when keys are introduced'],
  ],
  'If a name occurs twice, the whole context': [
    ['test/runtime/caller-spoof.test.ts', 'makes all of it void: %s'],
  ],
  'The current form (`environment`) has no such gap': [
    ['test/runtime/caller-spoof.test.ts', 'stays a value in the current form'],
  ],
  'If the platform identifies one of your callers': [
    [CALLERS, 'TRUSTED_SOURCES admits a whole source and nothing that only resembles it'],
    ['test/runtime/caller.test.ts', 'admits nobody whose source is unknown'],
  ],
  'Two fetches in a row invalidate it': [
    [RUNBOOK, 'kills a leaked token, and the one that is stored afterwards lives'],
  ],
  'In `token` mode the second fetch follows at once': [
    [MANUAL, 'kill a leaked token with the second mint in token mode'],
  ],
  'In `stable` mode both are forced': [
    [MANUAL, 'force both mints 30 s apart in stable mode'],
    [MANUAL, 'stop at the 20 forced refreshes that WeChat allows a day'],
  ],
  'Callers that hold the invalid token get 40001': [
    [
      'test/cloud/stampede.test.ts',
      '200 reports of a revoked token on 8 instances mint once, and all 200 recover',
    ],
  ],
  'The stored token stays in use': [[RUNBOOK, 'replaces a leaked AppSecret: the token stays in use']],
  'The changed configuration closes': [[RUNBOOK, 'replaces a leaked AppSecret: the token stays in use']],
  'Create a new key, put it in front': [
    [RUNBOOK, 'replaces a leaked key: after it, the old key opens nothing'],
  ],
  'To rotate keys without a leak': [
    ['test/cloud/encryption.test.ts', 'rotates keys without losing a call or minting for it'],
    ['test/store/cipher.test.ts', 'seals with the first key and opens with any'],
  ],
  'The functions are bundles': [
    ['test/build/build.test.ts', 'the manifest has no dependencies'],
    ['test/build/build.test.ts', 'node-sdk in a bundle loads without node_modules'],
  ],
  '`npm run build` writes to `dist/packages`': [
    ['test/build/packages.test.ts', 'beside the bundles stands what they contain, with version and licence'],
    ['test/build/packages.test.ts', 'a package that is not listed stops the build'],
    [
      'test/build/packages.test.ts',
      'the committed list has the packages that are in the bundles and no others',
    ],
  ],
  "Parts of the libraries that the functions don't use": [
    ['test/build/left-out.test.ts', 'a module that is left out is not in the bundle'],
  ],
  "One package of Tencent's SDK names no licence": [
    [
      'test/build/packages.test.ts',
      'the committed list has the packages that are in the bundles and no others',
    ],
  ],
  'Versions are pinned in `package-lock.json`': [
    ['test/build/lock.test.ts', '%s has no entry without integrity'],
    ['test/build/lock.test.ts', 'adds what npm left out for other platforms, and asks for the hash'],
  ],
  'The licence texts of what a bundle contains': [
    ['test/build/licences.test.ts', 'stand beside each function, with the text of every package'],
  ],
  'No dependency needs its install script': [['test/build/lock.test.ts', 'needs no install script']],
  '`npm run fuzz` tries 100,000': [
    ['test/fuzz/families.test.ts', 'of $name break nothing'],
    ['test/fuzz/families.test.ts', 'tries 100,000 in all by default'],
  ],
  'A failure names the seed': [
    ['test/fuzz/families.test.ts', 'stops at what does not hold, says why, and how to see it again'],
  ],
};

/** By how they begin: advice to the reader, what others can do that nothing here prevents, and facts of the platform. */
export const LIMITS: readonly string[] = [
  'Report a vulnerability through',
  'Say what you did',
  'Never send a real AppSecret',
  '**Holders of admin credentials** of',
  'Nothing in a function can protect',
  '**Code in your other cloud functions** gets',
  'A function that returns it',
  '`root` can read everything',
  'Encryption keeps the token secret',
  "The older form of the platform's context",
  "But if the platform put a user's text",
  "What is known about the platform's",
  'Add only values that you saw',
  'Then find the leak',
  'Nothing but time ends it',
  'It opens no API',
  'Whoever has it can sign pages',
  'Reset it at',
  'Set `WX_APPSECRET` to the new one',
  'Whoever had the secret',
  'Anyone with the key can decrypt',
  'If the database may have been read',
  'Before you add its name there',
];
