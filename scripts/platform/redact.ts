/** Masks known secrets in texts of others: an error of the platform may quote what it was sent. */

import { appsIn } from '../local/variables.ts';

export type Redact = (text: string) => string;

/** Their whole value is secret; a comma list is secret item by item. */
const SECRET_NAMES = [
  'WX_APPSECRET',
  'TOKEN_ENCRYPTION_KEYS',
  'ALERT_WEBHOOK_URL',
  'TENCENTCLOUD_SECRETKEY',
  'TENCENTCLOUD_SESSIONTOKEN',
];

/** Shorter ones would mask ordinary words; the real ones are 32 characters and more. */
const SHORTEST_SECRET = 6;

export function createRedactor(
  values: Readonly<Record<string, string>>,
  others: readonly string[] = [],
): Redact {
  const plain = [
    ...others,
    ...SECRET_NAMES.map((name) => values[name] ?? ''),
    ...SECRET_NAMES.flatMap((name) => (values[name] ?? '').split(',')),
    ...appsIn({ ...values }).map(({ secret }) => secret),
  ];
  const secrets = plain
    .filter((secret) => typeof secret === 'string')
    .map((secret) => secret.trim())
    .filter((secret) => secret.length >= SHORTEST_SECRET)
    // As it stands in JSON, and in JSON within JSON.
    .flatMap((secret) => [secret, escaped(secret), escaped(escaped(secret))])
    .toSorted((a, b) => b.length - a.length);
  return (text) => secrets.reduce((masked, secret) => masked.replaceAll(secret, '***'), text);
}

function escaped(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}
