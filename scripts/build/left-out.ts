/** What the functions' libraries bring along and the functions never use: left out of the bundles, each with its reason. */

export interface LeftOut {
  /** The package that asks for it. */
  by: string;
  /** As that package names it in `require` or `import`; where there is an `expression`, a file of its own. */
  module: string;
  /** Only this of the file, which counts as undefined. */
  expression?: string;
  /** What the functions would need it for, and why they don't. */
  why: string;
  /** What `by` calls in every program, used or not: the call passes, and what it gives refuses in its turn. */
  calledAnyway?: readonly string[];
}

const SDK = '@cloudbase/node-sdk';

export const LEFT_OUT: readonly LeftOut[] = [
  { by: SDK, module: '@cloudbase/ai', why: 'app.ai(): no function talks to a language model' },
  { by: SDK, module: '@cloudbase/app', why: 'names of languages for app.ai()' },
  { by: SDK, module: 'web-streams-polyfill', why: 'streams of app.ai(), for Node 12' },
  {
    by: SDK,
    module: '@cloudbase/wx-cloud-client-sdk',
    why: 'app.models, app.mysql and app.rdb: the functions use the document database',
    calledAnyway: ['generateHTTPClient'],
  },
  {
    by: SDK,
    module: 'xml2js',
    why: 'errors of uploads to the cloud storage, which the functions do not use',
  },
  {
    by: SDK,
    module: 'jsonwebtoken',
    why: "tickets for logins of one's own, which the functions do not issue",
  },
  {
    by: SDK,
    module: 'axios',
    why: 'a second axios (0.27.2), by which the SDK asks whether it runs on a Tencent Cloud machine: in a function TENCENTCLOUD_RUNENV says so',
  },
  { by: SDK, module: 'form-data', why: 'uploads and calls of wx.openApi, which the functions do not make' },
  { by: SDK, module: 'http-proxy-agent', why: 'the option "proxy" of the SDK, which nobody sets' },
  { by: SDK, module: 'https-proxy-agent', why: 'the option "proxy" of the SDK, which nobody sets' },
  {
    by: SDK,
    module: 'retry',
    why: "the SDK's own retries: a lost write is looked into before it is repeated",
  },
  { by: SDK, module: 'retry/lib/retry_operation', why: 'as the package itself' },
  {
    by: '@cloudbase/database',
    module: './realtime/websocket-client',
    why: 'watch(): the functions read, they do not listen',
  },
  { by: 'bson', module: './parser/serializer', why: 'binary BSON: the SDK speaks the JSON form of it' },
  { by: 'bson', module: './parser/deserializer', why: 'binary BSON: the SDK speaks the JSON form of it' },
  { by: 'bson', module: './parser/calculate_size', why: 'binary BSON: the SDK speaks the JSON form of it' },
  {
    by: 'axios',
    module: 'form-data',
    why: "multipart bodies: WeChat's token endpoints take a query or JSON",
  },
  {
    by: 'axios',
    module: 'https-proxy-agent',
    why: 'proxies: the URL holds the AppSecret, and goes to nobody but WeChat',
  },
  { by: 'axios', module: './xhr.js', why: 'requests by XMLHttpRequest, of browsers' },
  {
    by: 'axios',
    module: './fetch.js',
    why: 'requests by fetch, which Node.js takes longer to load than all of the bundle',
  },
  {
    by: 'axios',
    module: 'lib/utils.js',
    expression: 'G.FormData',
    why: 'forms, as which no body is sent: a look at the class makes Node.js load its fetch',
  },
];
