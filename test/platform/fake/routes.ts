/** Tencent's API of HTTP access: which path of which domain leads to which function. */

import type { RequestOf } from '../../../scripts/platform/models.ts';
import type { Handlers, TcbAnswer } from './models.ts';
import { refuse } from './refusal.ts';
import type { FakeDomain, FakeState } from './state.ts';

type RouteParams = RequestOf<'tcb', 'CreateHTTPServiceRoute'>;

export const ROUTES: Handlers<'tcb'> = {
  DescribeHTTPServiceRoute(state, params): TcbAnswer<'DescribeHTTPServiceRoute'> {
    requireEnvironment(state, params);
    const { Offset: offset = 0, Limit: limit = 20 } = params;
    const Domains = state.domains.slice(offset, offset + limit);
    return { Domains, OriginDomain: 'origin.example.com', TotalCount: state.domains.length };
  },
  // It takes any name for an upstream, one that does not exist too.
  CreateHTTPServiceRoute(state, params) {
    const { domain, routes } = given(state, params);
    const taken = routes.find(({ Path }) => domain.Routes.some((route) => route.Path === Path));
    if (taken !== undefined) throw refuse('ResourceInUse', `${taken.Path} exists`);
    for (const route of routes) {
      const { UpstreamResourceType = '', UpstreamResourceName = '' } = route;
      domain.Routes.push({ ...DEFAULTS, ...route, UpstreamResourceType, UpstreamResourceName });
    }
    return {};
  },
  ModifyHTTPServiceRoute(state, params) {
    const { domain, routes } = given(state, params);
    for (const changed of routes) {
      const found = domain.Routes.find(({ Path }) => Path === changed.Path);
      if (found === undefined) throw refuse('ResourceNotFound', `no route ${changed.Path}`);
      Object.assign(found, changed);
    }
    return {};
  },
  // As the platform does it: without paths the whole domain goes.
  DeleteHTTPServiceRoute(state, params) {
    requireEnvironment(state, params);
    const domain = existing(state, params.Domain);
    const paths = params.Paths ?? [];
    if (paths.length === 0) state.domains.splice(state.domains.indexOf(domain), 1);
    domain.Routes = domain.Routes.filter(({ Path }) => !paths.includes(Path));
    return {};
  },
};

const DEFAULTS = { EnableAuth: false, EnablePathTransmission: false, Enable: true };

function given(
  state: FakeState,
  params: RouteParams,
): { domain: FakeDomain; routes: NonNullable<RouteParams['Domain']['Routes']> } {
  requireEnvironment(state, params);
  const { Domain, Routes = [] } = params.Domain;
  return { domain: existing(state, Domain), routes: Routes };
}

function existing(state: FakeState, name: string): FakeDomain {
  const found = state.domains.find(({ Domain }) => Domain === name);
  if (found === undefined) throw refuse('ResourceNotFound', `no domain ${name}`);
  return found;
}

function requireEnvironment(state: FakeState, { EnvId }: { EnvId: string }): void {
  if (EnvId !== state.envId) throw refuse('InvalidParameter', 'no such environment');
}
