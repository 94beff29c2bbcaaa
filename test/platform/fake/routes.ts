/** Tencent's API of HTTP access: which path of which domain leads to which function. */

import { refuse, type ApiParams } from './refusal.ts';
import type { FakeDomain, FakeRoute, FakeState } from './state.ts';

type Handler = (state: FakeState, params: ApiParams) => object;

interface DomainParam {
  Domain: string;
  Routes: FakeRoute[];
}

export const ROUTES: Record<string, Handler> = {
  DescribeHTTPServiceRoute(state, params) {
    requireEnvironment(state, params);
    const [offset, limit] = [Number(params['Offset'] ?? 0), Number(params['Limit'] ?? 20)];
    const Domains = state.domains.slice(offset, offset + limit);
    return { Domains, OriginDomain: 'origin.example.com', TotalCount: state.domains.length };
  },
  // It takes any name for an upstream, one that does not exist too.
  CreateHTTPServiceRoute(state, params) {
    const { domain, routes } = given(state, params);
    const taken = routes.find(({ Path }) => domain.Routes.some((route) => route.Path === Path));
    if (taken !== undefined) throw refuse('ResourceInUse', `${taken.Path} exists`);
    for (const route of routes) domain.Routes.push({ ...DEFAULTS, ...route });
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
    const domain = existing(state, params['Domain']);
    const paths = (params['Paths'] ?? []) as string[];
    if (paths.length === 0) state.domains.splice(state.domains.indexOf(domain), 1);
    domain.Routes = domain.Routes.filter(({ Path }) => !paths.includes(Path));
    return {};
  },
};

const DEFAULTS = { EnableAuth: false, EnablePathTransmission: false, Enable: true };

function given(state: FakeState, params: ApiParams): { domain: FakeDomain; routes: FakeRoute[] } {
  requireEnvironment(state, params);
  const { Domain, Routes } = params['Domain'] as DomainParam;
  return { domain: existing(state, Domain), routes: Routes };
}

function existing(state: FakeState, name: unknown): FakeDomain {
  const found = state.domains.find(({ Domain }) => Domain === name);
  if (found === undefined) throw refuse('ResourceNotFound', `no domain ${String(name)}`);
  return found;
}

function requireEnvironment(state: FakeState, { EnvId }: ApiParams): void {
  if (EnvId !== state.envId) throw refuse('InvalidParameter', 'no such environment');
}
