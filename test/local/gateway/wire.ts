/** Sends requests as they stand in a recording, past the SDKs. */

import { request as httpRequest } from 'node:http';
import { sign } from '@cloudbase/signature-nodejs';
import type { RecordedRequest } from './captures.ts';
import { SECRET_KEY } from './cloud.ts';

export interface Answer {
  status: number;
  body?: Record<string, unknown>;
  text?: string;
  dropped?: true;
}

export async function send(port: number, request: RecordedRequest): Promise<Answer> {
  const body = JSON.stringify(request.body);
  const headers = {
    ...request.headers,
    connection: 'close',
    'content-length': String(Buffer.byteLength(body)),
  };
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, method: request.method, path: request.url, headers };
    const sent = httpRequest(options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve(readAnswer(response.statusCode ?? 0, Buffer.concat(chunks).toString())),
      );
    });
    sent.on('error', (error: NodeJS.ErrnoException) =>
      error.code === 'ECONNRESET' ? resolve({ status: 0, dropped: true }) : reject(error),
    );
    sent.end(body);
  });
}

function readAnswer(status: number, text: string): Answer {
  try {
    return { status, body: JSON.parse(text) as Record<string, unknown> };
  } catch {
    return { status, text };
  }
}

/** The recorded `host` stays, so only the secret key is another than at the time. */
export function signAnew(request: RecordedRequest): RecordedRequest {
  const { method, url, headers, body } = request;
  const [, secretId = '', signedHeaders = ''] =
    /Credential=([^/]+)\/.*SignedHeaders=([^,]+)/.exec(headers['authorization'] ?? '') ?? [];
  const { authorization } = sign({
    secretId,
    secretKey: SECRET_KEY,
    method: method.toLowerCase(),
    url: `http://${headers['host']}${url}`,
    headers: Object.fromEntries(signedHeaders.split(';').map((name) => [name, headers[name]])),
    params: body,
    timestamp: Number(headers['x-timestamp']),
    withSignedParams: true,
  });
  return { ...request, headers: { ...headers, authorization } };
}
