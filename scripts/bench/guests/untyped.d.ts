/** The little that the benchmark uses of two packages that bring no types. */

declare module 'co-wechat-api' {
  interface Token {
    accessToken: string;
    expireTime: number;
  }
  export default class API {
    constructor(
      appid: string,
      secret: string,
      getToken?: () => Promise<Token | null>,
      saveToken?: (token: Token | null) => Promise<void>,
    );
    prefix: string;
    ensureAccessToken(): Promise<Token>;
    getIp(): Promise<unknown>;
  }
}

declare module 'wechat-api' {
  interface Token {
    accessToken: string;
    expireTime: number;
  }
  type Callback<T> = (error: unknown, value?: T) => void;
  export default class API {
    constructor(
      appid: string,
      secret: string,
      getToken?: (done: Callback<Token | null>) => void,
      saveToken?: (token: Token | null, done: Callback<void>) => void,
    );
    endpoint: string;
    getLatestToken(done: Callback<Token>): void;
    getIp(done: Callback<unknown>): void;
  }
}
