/** Is the request signed by somebody the cloud knows? Recomputed with the SDK's own signing package. */

import { timingSafeEqual } from 'node:crypto';
import { sign } from '@cloudbase/signature-nodejs';
import type { CloudClock } from '../clock.ts';
import { bearerOf } from '../guard.ts';
import type { HttpRequest } from '../http-server.ts';
import { Refusal } from './refusal.ts';

export interface Credential {
  secretKey: string;
  sessionToken?: string;
}

export interface Verifier {
  credentials: (secretId: string) => Credential | undefined;
  /** What `Authorization: Bearer` must carry; unset, nothing opens that door. */
  accessKey?: string | undefined;
  clock: CloudClock;
}

/** Throws unless the request is signed with a known credential and not older than the tolerance. */
export function verifySignature(
  request: HttpRequest,
  body: Record<string, unknown>,
  verifier: Verifier,
): void {
  const authorization = request.headers.authorization;
  if (authorization === undefined) throw badSignature('no Authorization header');
  const bearer = bearerOf(authorization);
  if (bearer !== null) return verifyAccessKey(bearer, verifier.accessKey);
  const parts = AUTHORIZATION.exec(authorization)?.groups;
  if (!parts) throw badSignature('Authorization is not TC3-HMAC-SHA256');
  const credential = verifier.credentials(parts['secretId'] ?? '');
  if (!credential) throw badSignature('secret id error');
  const signedHeaders = (parts['signedHeaders'] ?? '').split(';');
  assertSourceSigned(request, signedHeaders);
  assertRecent(Number(request.headers['x-timestamp']), verifier.clock);
  const expected = recompute(request, body, parts['secretId'] ?? '', credential.secretKey, signedHeaders);
  if (!areEqual(parts['signature'] ?? '', expected)) throw badSignature('signature does not match');
  if (credential.sessionToken !== undefined && body['sessionToken'] !== credential.sessionToken) {
    throw badSignature('session token error');
  }
}

const AUTHORIZATION =
  /^TC3-HMAC-SHA256 Credential=(?<secretId>[^/,]+)\/[^,]*, SignedParams=[^,]*, SignedHeaders=(?<signedHeaders>[^,]+), Signature=(?<signature>[0-9a-f]+)$/;

/** The code stands in a published log of a wrong secret id; that all these cases share it is an assumption. */
const badSignature = (reason: string): Refusal => new Refusal('SIGN_PARAM_INVALID', reason);

function verifyAccessKey(given: string, accessKey: string | undefined): void {
  if (!areEqual(given, accessKey)) throw badSignature('access key error');
}

/** A callee trusts the source, so nobody may add one to somebody else's signed request. */
function assertSourceSigned(request: HttpRequest, signedHeaders: string[]): void {
  const isSigned = request.headers['x-tcb-source'] === undefined || signedHeaders.includes('x-tcb-source');
  if (!isSigned) throw badSignature('x-tcb-source is not signed');
}

const TOLERANCE_MS = 10 * 60_000;

/** A function instance may run on the cloud's moved clock, a script on the machine's: either will do. */
function assertRecent(timestamp: number, clock: CloudClock): void {
  const atMs = timestamp * 1000;
  const isNear = (nowMs: number): boolean => Math.abs(nowMs - atMs) <= TOLERANCE_MS;
  if (!isNear(clock.now()) && !isNear(Date.now())) throw badSignature('x-timestamp expired');
}

/** Only the signature itself counts: which parameters it lists, empty ones too, differs from version to version. */
function recompute(
  request: HttpRequest,
  body: Record<string, unknown>,
  secretId: string,
  secretKey: string,
  signedHeaders: string[],
): string | undefined {
  try {
    const { authorization } = sign({
      secretId,
      secretKey,
      // As the SDKs sign it, in lower case.
      method: request.method.toLowerCase(),
      url: `http://${request.headers.host}${request.path}${request.query === '' ? '' : `?${request.query}`}`,
      headers: Object.fromEntries(signedHeaders.map((name) => [name, request.headers[name]])),
      params: body,
      timestamp: Number(request.headers['x-timestamp']),
    });
    return authorization.split('Signature=').at(-1);
  } catch {
    // The package throws when `host` or `content-type` is missing: such a request can't have been signed by it.
    return undefined;
  }
}

function areEqual(given: string, expected: string | undefined): boolean {
  if (expected === undefined) return false;
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
