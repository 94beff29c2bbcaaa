/** The HTTP access path by which servers outside come to the door. */

import { pick } from '../../command/language.ts';
import { callOf } from '../../command/call.ts';
import type { Environment, HttpDomain, HttpRoute } from '../../platform/environment.ts';
import { PlatformError } from '../../platform/errors.ts';
import type { Step } from '../step.ts';

/** Of the default domain. One that leads to the door elsewhere is as good, and left alone. */
const PATH = '/wechat';

type Access = Pick<Environment, 'envId' | 'names' | 'call' | 'describeHttpDomains'>;

/** Its goal tells the addresses, once the differences have been looked for; so does `addresses`. */
export function pathStep({
  envId,
  names,
  call,
  describeHttpDomains,
}: Access): Step & { addresses(): string[] } {
  const { outside } = names;
  let addresses: string[] = [];
  return {
    title: 'outside path',
    addresses: () => addresses,
    get goal() {
      return pick({
        en: `${addresses.join(' and ')} leads to ${outside} (a new path takes minutes to be in force)`,
        zh: `${addresses.join(' 和 ')} 指向 ${outside}（新路径几分钟后生效）`,
      });
    },
    async differences() {
      const domains = await describeHttpDomains();
      addresses = openAddresses(domains, outside);
      if (addresses.length > 0) return [];
      const { home, present } = findPlace(domains, outside);
      const address = addressOf(home.name, PATH);
      return [
        present === undefined
          ? pick({ en: `create ${address}`, zh: `创建 ${address}` })
          : pick({ en: `open ${address} to everybody who has a key`, zh: `向有密钥的调用方开放 ${address}` }),
      ];
    },
    async apply() {
      const { home, present } = findPlace(await describeHttpDomains(), outside);
      const route = { Path: PATH, EnableAuth: false, EnablePathTransmission: false, Enable: true };
      const target = { UpstreamResourceType: 'SCF', UpstreamResourceName: outside };
      const action = present === undefined ? 'CreateHTTPServiceRoute' : 'ModifyHTTPServiceRoute';
      const Domain = { Domain: home.name, Routes: [{ ...route, ...target }] };
      await call('tcb', action, { EnvId: envId, Domain });
    },
  };
}

/** Every way to one of these functions, open or not. */
export function routesTo(
  domains: readonly HttpDomain[],
  names: readonly string[],
): { domain: HttpDomain; route: HttpRoute; address: string }[] {
  return domains.flatMap((domain) =>
    domain.routes
      .filter(({ functionName }) => functionName !== null && names.includes(functionName))
      .map((route) => ({ domain, route, address: addressOf(domain.name, route.path) })),
  );
}

function openAddresses(domains: readonly HttpDomain[], outside: string): string[] {
  return routesTo(domains, [outside])
    .filter(({ domain, route }) => domain.isEnabled && route.isEnabled && !route.needsLogin)
    .filter(({ domain }) => domain.name !== EVERY_DOMAIN)
    .map(({ address }) => address);
}

/** What a route for all domains has in place of a name: no address that a server could call. */
const EVERY_DOMAIN = '*';

function findPlace(
  domains: readonly HttpDomain[],
  outside: string,
): { home: HttpDomain; present: HttpRoute | undefined } {
  const home = domains.find(({ isDefault, isEnabled }) => isDefault && isEnabled);
  if (home === undefined) {
    throw new PlatformError(
      pick({
        en: 'HTTP access of the environment is off, so no server outside can come in',
        zh: '环境的 HTTP 访问服务没有开启，外部服务器无法访问',
      }),
      {
        code: 'NO_HTTP_ACCESS',
        cure: pick({
          en: `switch it on in the console (https://tcb.cloud.tencent.com/ → HTTP 访问服务), then run ${callOf('deploy')} again`,
          zh: `请在控制台（https://tcb.cloud.tencent.com/ → HTTP 访问服务）开启，再执行 ${callOf('deploy')}`,
        }),
      },
    );
  }
  const present = home.routes.find(({ path }) => path === PATH);
  if (present === undefined || present.functionName === outside) return { home, present };
  throw new PlatformError(
    pick({
      en: `${addressOf(home.name, PATH)} leads to something else already`,
      zh: `${addressOf(home.name, PATH)} 已经指向别处`,
    }),
    {
      code: 'PATH_TAKEN',
      cure: pick({
        en: `lead another path to ${outside} in the console (https://tcb.cloud.tencent.com/ → HTTP 访问服务), then run ${callOf('deploy')} again: it takes any`,
        zh: `请在控制台（https://tcb.cloud.tencent.com/ → HTTP 访问服务）把另一个路径指向 ${outside}，再执行 ${callOf('deploy')}：任何路径都可以`,
      }),
    },
  );
}

function addressOf(domain: string, path: string): string {
  const name = domain === EVERY_DOMAIN ? pick({ en: '(any domain)', zh: '（任意域名）' }) : domain;
  return `https://${name}${path === '/' ? '' : path}`;
}
