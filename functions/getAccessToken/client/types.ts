/** What the client takes and gives. Names nothing of Node or the DOM, so that it type-checks without either's types. */

/** wx-server-sdk's `cloud`, what `init()` of @cloudbase/node-sdk returns, or anything else that calls functions. */
export interface CloudApp {
  callFunction(options: { name: string; data: Record<string, unknown> }): unknown;
}

export interface WeChatOptions {
  app: CloudApp;
  /** Which app's token; may be left out when getAccessToken is configured for one. */
  appid?: string | undefined;
  /** Default: getAccessToken. */
  functionName?: string | undefined;
  /** Default (also for an empty string): https://api.weixin.qq.com. https, or http on loopback. */
  baseUrl?: string | undefined;
  /** Bound of one exchange with WeChat, connection and answer included. Default: 10 000. */
  timeoutMs?: number | undefined;
  /** An answer longer than this is an error. Default: 16 MiB. */
  longestReplyBytes?: number | undefined;
  /** Default: the global one of Node 18 and later. */
  fetch?(url: string, init: object): PromiseLike<FetchReply>;
  /** Milliseconds, as Date.now(). */
  now?(): number;
  sleep?(ms: number): PromiseLike<unknown>;
}

/** The part of a `Response` that is used. */
export interface FetchReply {
  status: number;
  headers: { get(name: string): string | null };
  /** An async iterable of bytes. */
  body: unknown;
}

/** What is undefined is left out. */
export type Query = Record<string, string | number | boolean | undefined>;

/** Throws a WeChatError for whatever goes wrong. */
export interface WeChat {
  get<T = Record<string, unknown>>(path: string, query?: Query): Promise<T>;
  /** `body` becomes JSON; a string is sent as it is. */
  post<T = Record<string, unknown>>(path: string, body?: unknown, query?: Query): Promise<T>;
  /** One file as multipart/form-data. */
  upload<T = Record<string, unknown>>(path: string, file: UploadFile, query?: Query): Promise<T>;
  /** A POST when there is a body, else a GET. What WeChat answers in JSON instead of a file becomes an error. */
  download(path: string, body?: unknown, query?: Query): Promise<Download>;
  /** For calls that this client doesn't make. Good for a minute: ask again for each call, it costs nothing. */
  accessToken(): Promise<string>;
  /** For co-wechat-api and wechat-api: `new API(appid, '', hooks.getToken, hooks.saveToken)`. */
  hooks: TokenHooks;
}

export type UploadFile = FileBytes | FileStream;

interface FileName {
  /** Default: media. */
  field?: string | undefined;
  filename: string;
  contentType: string;
  /** Further text fields of the form, such as `description`. */
  fields?: Record<string, string> | undefined;
}

export interface FileBytes extends FileName {
  data: Uint8Array | string;
}

/** Can be read once only, so it is never sent again: after a refused token the call fails, and says so. */
export interface FileStream extends FileName {
  stream: AsyncIterable<Uint8Array>;
  /** In bytes: WeChat wants the length in front. */
  size: number;
}

export interface Download {
  /** A `Buffer`. */
  data: Uint8Array;
  contentType: string;
  /** As WeChat names it, for media. */
  filename: string | undefined;
}

/** Pass the functions themselves: by their `this` they reach the library and keep it from fetching tokens. */
export interface TokenHooks {
  getToken(callback?: Callback<SharedToken>): Promise<SharedToken>;
  saveToken(token: unknown, callback?: Callback<void>): Promise<void>;
}

export type Callback<T> = (error: unknown, value?: T) => void;

/** The shape in which co-wechat-api and wechat-api keep a token; `expireTime` in milliseconds. */
export interface SharedToken {
  accessToken: string;
  expireTime: number;
}
