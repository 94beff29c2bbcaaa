/**
 * HTTP access of an environment: which path of which domain leads to which function.
 *
 * By the route actions, not by `tcb service`: what that calls (CreateCloudBaseGWAPI and its like) is older, and on its
 * way out. https://cloud.tencent.com/document/api/876/129800 (read 2026-11-22)
 */

import type { HttpDomain, HttpRoute } from './environment.ts';
import { hasCode } from './errors.ts';
import type { AnswerOf, Call } from './models.ts';
import { list, text } from './values.ts';

type Answer = AnswerOf<'tcb', 'DescribeHTTPServiceRoute'>;
type Domain = NonNullable<NonNullable<Answer['Domains']>[number]>;
type Route = NonNullable<NonNullable<Domain['Routes']>[number]>;

const PAGE = 100;
/** An environment has a handful; without a bound a confused answer would be asked for forever. */
const MOST_PAGES = 10;

/** Empty where HTTP access has never been used. */
export async function describeHttpDomains(call: Call, envId: string): Promise<HttpDomain[]> {
  const found: HttpDomain[] = [];
  for (let page = 0; page < MOST_PAGES; page++) {
    const params = { EnvId: envId, Offset: page * PAGE, Limit: PAGE };
    const { Domains } = await call('tcb', 'DescribeHTTPServiceRoute', params).catch(orNone);
    const domains = list(Domains);
    found.push(...domains.map((domain) => readDomain(domain ?? {})));
    if (domains.length < PAGE) break;
  }
  return found;
}

function orNone(error: unknown): Answer {
  if (hasCode(error, 'ResourceNotFound')) return {};
  throw error;
}

function readDomain({ Domain, DomainType, IsDefault, Enable, Routes }: Domain): HttpDomain {
  const name = text(Domain);
  return {
    name,
    // The static hosting of an environment has a default domain of its own.
    isDefault: DomainType === 'HTTPSERVICE' && (IsDefault ?? OF_THE_PLATFORM.test(name)) === true,
    isEnabled: Enable !== false,
    routes: list(Routes).map((route) => readRoute(route ?? {})),
  };
}

/** What the default domain looks like where the answer doesn't say which one it is. */
const OF_THE_PLATFORM = /\.app\.tcloudbase\.com$/;

function readRoute({
  Path,
  UpstreamResourceType,
  UpstreamResourceName,
  EnableAuth,
  Enable,
}: Route): HttpRoute {
  const isFunction = UpstreamResourceType === 'SCF' || UpstreamResourceType === 'WEB_SCF';
  return {
    path: text(Path),
    functionName: isFunction ? text(UpstreamResourceName) : null,
    needsLogin: EnableAuth === true,
    isEnabled: Enable !== false,
  };
}
