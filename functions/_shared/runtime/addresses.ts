/** The addresses among the variables: https, or http where no network is between, since secrets travel to them. */

import { readable } from '../json.ts';

/** Where WeChat is asked: the AppSecret goes there. */
export function readBaseUrls(list: string): string[] | undefined {
  const urls = list.split(',').map((address) => readAddress(address.trim()));
  const isUsable = urls.length <= 10 && urls.every((url) => url !== null && !url.search && !url.hash);
  // In one spelling: `HTTPS://Host/` is `https://host`, and a path may be appended to it.
  return isUsable ? urls.map((url) => (url!.origin + url!.pathname).replace(/\/+$/, '')) : undefined;
}

const LONGEST_WEBHOOK = 1_000;

/** A group robot's key is in its query. */
export function readWebhookUrl(address: string): string | null {
  // Two addresses on two lines would be taken for one.
  const isOne = address.length <= LONGEST_WEBHOOK && !/\s/.test(address);
  return isOne ? (readAddress(address)?.href ?? null) : null;
}

function readAddress(address: string): URL | null {
  // `URL.canParse` is not in every runtime that CloudBase offers.
  const url = readable(() => new URL(address));
  if (url === undefined || url.username || url.password) return null;
  const { protocol, hostname } = url;
  const isLoopback =
    hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
  return protocol === 'https:' || (protocol === 'http:' && isLoopback) ? url : null;
}
