/** How the mini program's side asks the embedded cloud: `wx.request`, as a promise. Runs in the mini program. */

export interface Place {
  /** Of the client door. */
  url: string;
  secret: string;
  openid: string;
}

/** What of `wx` is used. */
export interface Wx {
  cloud?: unknown;
  request(options: {
    url: string;
    method: string;
    data: unknown;
    header: Record<string, string>;
    success(answer: { statusCode: number; data: unknown }): void;
    fail(error: { errMsg: string }): void;
  }): void;
  downloadFile(options: {
    url: string;
    success(answer: { statusCode: number; tempFilePath: string }): void;
    fail(error: { errMsg: string }): void;
  }): void;
  getFileSystemManager(): {
    readFile(options: {
      filePath: string;
      success(file: { data: ArrayBuffer }): void;
      fail(error: { errMsg: string }): void;
    }): void;
  };
}

type Answer = Record<string, unknown>;
export type Ask = (path: string, body: object) => Promise<Answer>;

export function createAsk(wx: Wx, place: Place): Ask {
  return async (path, body) => {
    const url = `${place.url}${path}?openid=${encodeURIComponent(place.openid)}`;
    const header = { authorization: `Bearer ${place.secret}`, 'content-type': 'application/json' };
    const { data } = await send(wx, { url, method: 'POST', data: body, header });
    return Object(data) as Answer;
  };
}

/** Rejects with what `wx` says where there was no answer. */
export function send(
  wx: Wx,
  request: { url: string; method: string; data: unknown; header: Record<string, string> },
): Promise<{ statusCode: number; data: unknown }> {
  return new Promise((resolve, reject) => {
    wx.request({ ...request, success: resolve, fail: ({ errMsg }) => reject(new Error(errMsg)) });
  });
}
