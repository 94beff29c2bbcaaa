/** What the client takes and gives. Names nothing of Node or the DOM, so that it type-checks without either's types. */

/** wx-server-sdk's `cloud`, what `init()` of @cloudbase/node-sdk returns, or anything else that calls functions. */
export interface CloudApp {
  callFunction(options: { name: string; data: Record<string, unknown> }): unknown;
}

/** What is wrong in it is a TypeError of createWeChat, and so is an option that there isn't. */
export interface WeChatOptions {
  app: CloudApp;
  /** Which app's token; may be left out when getAccessToken is configured for one. */
  appid?: string | undefined;
  /** Default: getAccessToken. */
  functionName?: string | undefined;
  /** Default (also for an empty string): https://api.weixin.qq.com. https, or http on loopback. */
  baseUrl?: string | undefined;
  /**
   * Bound of one exchange with WeChat, connection and answer included. Default: 10 000. A whole call, with the wait for
   * a token and one retry, takes at most 18 s, or 8 s longer than this where that is more.
   */
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

/**
 * Rejects with a TypeError that names the argument if one is wrong, before anything is sent, and with a WeChatError
 * for whatever else goes wrong.
 *
 * Answers in JSON: an integer that a number can't hold (beyond 2^53 - 1, either side of zero), such as some `msgid`,
 * is a **string** of its digits, `"271781022721654784"`. Numbers that fit stay numbers. Declare such a member as
 * `number | string`, or write `BigInt(value)`, which takes both.
 */
export interface WeChat {
  get<T = Record<string, unknown>>(path: string, query?: Query): Promise<T>;
  /** `body`, a plain object, becomes JSON; a string is sent as it is. */
  post<T = Record<string, unknown>>(path: string, body?: unknown, query?: Query): Promise<T>;
  /** One file as multipart/form-data. */
  upload<T = Record<string, unknown>>(path: string, file: UploadFile, query?: Query): Promise<T>;
  /**
   * A POST when there is a body, else a GET. JSON instead of a file is an error, and so is an empty answer: for an API
   * that answers JSON, such as the address of a video, use get() or post().
   */
  download(path: string, body?: unknown, query?: Query): Promise<Download>;
  /**
   * For calls that this client doesn't make. Good for a minute: ask again for each call, it costs nothing.
   * `refused`: the token that WeChat has just answered with 40001, 40014 or 42001. Gives another one, after a second;
   * the same, if it is too young to be known to all of WeChat. Call once more with it.
   */
  accessToken(options?: { refused?: string | undefined }): Promise<string>;
  /**
   * For a page's `wx.config`, by getTicket. `url`: the page's `location.href`; sign pages of your own hosts only.
   * `appid`: of the official account, where it is not the client's.
   */
  jsConfig(url: string, options?: { appid?: string | undefined }): Promise<JsConfig>;
  /** `new WeChatService({ …, cacheAdapter: wechat.nestCache() })` of nest-wechat. `remove` reports the last token. */
  nestCache(): NestWeChatCache;
  /** `app.setAccessToken(wechat.easyWeChatToken())` of node-easywechat. `refresh` reports the last token. */
  easyWeChatToken(): EasyWeChatToken;
  /** For co-wechat-api and wechat-api: `new API(appid, '', hooks.getToken, hooks.saveToken)`. */
  hooks: TokenHooks;
}

/** Give it to `wx.config`, with a `jsApiList`. */
export interface JsConfig {
  appId: string;
  timestamp: number;
  nonceStr: string;
  signature: string;
  /** What was signed. */
  url: string;
}

export type UploadFile = FileBytes | FileStream;

interface FileName {
  /** Default: media. */
  field?: string | undefined;
  filename: string;
  /** Default: application/octet-stream. */
  contentType?: string | undefined;
  /** Further text fields of the form, such as `description`; an object goes as JSON. */
  fields?: Record<string, string | number | boolean | object | undefined> | undefined;
}

export interface FileBytes extends FileName {
  data: Uint8Array | ArrayBuffer | string;
}

/**
 * Can be read once only, so it is never sent again: after a refused token the call fails, and says so. Whatever
 * happens, the stream is used up or destroyed when the call is over.
 */
export interface FileStream extends FileName {
  stream: AsyncIterable<Uint8Array | string>;
  /** In bytes: WeChat wants the length in front. */
  size: number;
}

export interface Download {
  /** A `Buffer`. */
  data: Uint8Array;
  contentType: string;
  /** As WeChat names it, for media; without folders and control characters. */
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

/** What nest-wechat calls ICache. */
export interface NestWeChatCache {
  get<T>(key: string): Promise<T>;
  set(key: string, value: unknown, ttl?: number): void;
  remove(key: string): boolean;
  close(): void;
}

/** What node-easywechat calls RefreshableAccessTokenInterface. */
export interface EasyWeChatToken {
  getToken(): Promise<string>;
  toQuery(): Promise<Record<string, string>>;
  refresh(): Promise<string>;
}
