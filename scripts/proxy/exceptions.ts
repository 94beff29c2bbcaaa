/** Which hosts are reached without the proxy: this machine itself, and what `no_proxy` lists, as curl reads it. */

import { BlockList, isIP } from 'node:net';

export interface Target {
  host: string;
  port: number;
}

/** A host is itself and all below it, with or without a dot or `*.` in front; `*` is every host. */
export function goesDirect({ host, port }: Target, exceptions: string): boolean {
  const name = bare(host);
  if (name === 'localhost' || name.endsWith('.localhost') || isOneOf(LOOPBACK, name)) return true;
  const entries = exceptions
    .toLowerCase()
    .split(/[\s,]+/)
    .filter(Boolean);
  return entries.some((entry) => entry === '*' || isListed(entry, { host: name, port }));
}

const LOOPBACK = ['127.0.0.0/8', '::1', '0.0.0.0', '::'];

function isListed(entry: string, { host, port }: Target): boolean {
  const [, named = entry, onlyPort] = /^(\[.*\]|[^:]*):(\d+)$/.exec(entry) ?? [];
  if (onlyPort !== undefined && Number(onlyPort) !== port) return false;
  if (isIP(host) !== 0) return isOneOf([named.replace(/^\[(.*)\]$/, '$1')], host);
  const domain = named.replace(/^\*?\./, '').replace(/\.$/, '');
  return domain !== '' && (host === domain || host.endsWith(`.${domain}`));
}

/** Addresses and subnets; what is neither holds no address. */
function isOneOf(entries: readonly string[], host: string): boolean {
  const kind = isIP(host);
  if (kind === 0) return false;
  const list = new BlockList();
  for (const entry of entries) {
    const [address = '', bits] = entry.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    const widest = family === 'ipv6' ? 128 : 32;
    if (isIP(address) === 0 || !(Number(bits ?? widest) <= widest)) continue;
    list.addSubnet(address, Number(bits ?? widest), family);
  }
  return list.check(host, kind === 6 ? 'ipv6' : 'ipv4');
}

/** As a URL, a socket and a person write the same host. */
function bare(host: string): string {
  return host
    .toLowerCase()
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\.$/, '');
}
