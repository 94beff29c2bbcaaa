/** The object store where the CLI puts the code: a multipart upload of one part. */

import type { HostAnswer, HostRequest } from './proxy.ts';
import type { FakeState } from './state.ts';

export const COS_HOST = 'shtempcos-1253665819.cos.ap-shanghai.myqcloud.com';

export function answerCos(state: FakeState, { method, url, body }: HostRequest): HostAnswer {
  const [path = '', query = ''] = url.split('?');
  const key = decodeURIComponent(path);
  const xml = (content: string): HostAnswer => ({
    status: 200,
    headers: { 'content-type': 'application/xml' },
    body: content,
  });
  const owner = /^\/function-code\/(.+)$/.exec(key)?.[1];
  if (method === 'GET' && owner !== undefined)
    return { status: 200, body: state.functions.get(owner)?.code ?? '' };
  if (method === 'GET') return xml(LIST);
  if (method === 'POST' && query.startsWith('uploads')) return xml(started(key));
  if (method === 'PUT') {
    state.objects.set(key, body);
    return { status: 200, headers: { etag: '"part-1"' } };
  }
  return xml(completed(key));
}

const LIST =
  '<ListMultipartUploadsResult><Bucket>b</Bucket><IsTruncated>false</IsTruncated></ListMultipartUploadsResult>';

function started(key: string): string {
  return `<InitiateMultipartUploadResult><Bucket>b</Bucket><Key>${key.slice(1)}</Key><UploadId>up-1</UploadId></InitiateMultipartUploadResult>`;
}

function completed(key: string): string {
  return `<CompleteMultipartUploadResult><Location>x</Location><Bucket>b</Bucket><Key>${key.slice(1)}</Key><ETag>"x-1"</ETag></CompleteMultipartUploadResult>`;
}
