/** A certificate for the hosts that a test plays, made on the spot: no private key lies in the repository, none expires. */

import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';

/** Self-signed, so it is its own CA: put into NODE_EXTRA_CA_CERTS it is all that a child needs to trust. */
export function certificateFor(hosts: readonly string[]): { key: string; cert: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const body = sequence(
    der(VERSION, der(INTEGER, Buffer.from([2]))),
    der(INTEGER, Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    ECDSA_WITH_SHA256,
    NAME,
    sequence(der(UTC_TIME, Buffer.from('200101000000Z')), der(UTC_TIME, Buffer.from('491231235959Z'))),
    NAME,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(EXTENSIONS, sequence(alternativeNames(hosts))),
  );
  const signature = Buffer.concat([Buffer.from([0]), sign('sha256', body, privateKey)]);
  const certificate = sequence(body, ECDSA_WITH_SHA256, der(BIT_STRING, signature));
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${certificate.toString('base64')}\n-----END CERTIFICATE-----\n`,
  };
}

function alternativeNames(hosts: readonly string[]): Buffer {
  const names = hosts.map((host) => der(DNS_NAME, Buffer.from(host)));
  return sequence(SUBJECT_ALT_NAME, der(OCTET_STRING, sequence(...names)));
}

function der(tag: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 128 ? [length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

const INTEGER = 0x02;
const BIT_STRING = 0x03;
const OCTET_STRING = 0x04;
const OID = 0x06;
const UTF8_STRING = 0x0c;
const UTC_TIME = 0x17;
const SEQUENCE = 0x30;
const SET = 0x31;
const DNS_NAME = 0x82;
const VERSION = 0xa0;
const EXTENSIONS = 0xa3;

function sequence(...parts: Buffer[]): Buffer {
  return der(SEQUENCE, ...parts);
}

const ECDSA_WITH_SHA256 = sequence(der(OID, Buffer.from('2a8648ce3d040302', 'hex')));
const SUBJECT_ALT_NAME = der(OID, Buffer.from('551d11', 'hex'));
const COMMON_NAME = der(OID, Buffer.from('550403', 'hex'));
const NAME = sequence(der(SET, sequence(COMMON_NAME, der(UTF8_STRING, Buffer.from('a test')))));
