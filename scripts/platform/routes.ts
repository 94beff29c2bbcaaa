/**
 * HTTP access of an environment: which path of which domain leads to which function.
 *
 * By the route actions, not by `tcb service`: what that calls (CreateCloudBaseGWAPI and its like) is older, and on its
 * way out. https://cloud.tencent.com/document/api/876/129800 (read 2026-11-22)
 */

import type { Call } from './api.ts';
import type { HttpDomain, HttpRoute } from './environment.ts';
import { hasCode } from './errors.ts';

const PAGE = 100;
/** An environment has a handful; without a bound a confused answer would be asked for forever. */
const MOST_PAGES = 10;

/** Empty where HTTP access has never been used. */
export async function describeHttpDomains(call: Call, envId: string): Promise<HttpDomain[]> {
  const found: HttpDomain[] = [];
  for (let page = 0; page < MOST_PAGES; page++) {
    const params = { EnvId: envId, Offset: page * PAGE, Limit: PAGE };
    const { Domains } = await call('tcb', 'DescribeHTTPServiceRoute', params).catch(orNone);
    const domains = Array.isArray(Domains) ? Domains : [];
    found.push(...domains.map(readDomain));
    if (domains.length < PAGE) break;
  }
  return found;
}

function orNone(error: unknown): { Domains?: unknown } {
  if (hasCode(error, 'ResourceNotFound')) return {};
  throw error;
}

function readDomain(answer: unknown): HttpDomain {
  const { Domain, DomainType, IsDefault, Enable, Routes } = record(answer);
  return {
    name: text(Domain),
    // The static hosting of an environment has a default domain of its own.
    isDefault: IsDefault === true && DomainType === 'HTTPSERVICE',
    isEnabled: Enable !== false,
    routes: (Array.isArray(Routes) ? Routes : []).map(readRoute),
  };
}

function readRoute(answer: unknown): HttpRoute {
  const { Path, UpstreamResourceType, UpstreamResourceName, EnableAuth, Enable } = record(answer);
  const isFunction = UpstreamResourceType === 'SCF' || UpstreamResourceType === 'WEB_SCF';
  return {
    path: text(Path),
    functionName: isFunction ? text(UpstreamResourceName) : null,
    needsLogin: EnableAuth === true,
    isEnabled: Enable !== false,
  };
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
