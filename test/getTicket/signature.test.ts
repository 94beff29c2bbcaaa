/** The signature of a page, by WeChat's documented example and by vectors that were computed apart from this code. */

import { describe, expect, it } from 'vitest';
import { readRequest } from '../../functions/getTicket/contract.ts';
import { newNonce, signPage } from '../../functions/getTicket/signature.ts';

const A86 = 'A'.repeat(86);
const COMPUTED = { nonceStr: 'nonce0123456789a', timestamp: 1795320000 };

describe('signPage', () => {
  it('signs WeChat’s own example as WeChat does', () => {
    const ticket = 'sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg';
    const page = {
      nonceStr: 'Wm3WZYTPz0wzccnW',
      timestamp: 1414587457,
      url: 'http://mp.weixin.qq.com?params=value',
    };
    expect(signPage(ticket, page)).toBe('0f9de62fce790f9a083d5c99e95740ceb90c27ed');
  });

  it('signs an address byte for byte, up to the #', () => {
    const request = readRequest({ url: 'https://example.com/a/b?x=1&y=%E4%B8%AD%20+#/route?z=2' });
    if (!('url' in request) || request.url === null) throw new Error('refused');
    expect(request.url).toBe('https://example.com/a/b?x=1&y=%E4%B8%AD%20+');
    expect(signPage(A86, { ...COMPUTED, url: request.url })).toBe('feeb1e828212b1663d06f978dd05a797e51e6fda');
  });

  it.each([
    ['with the slash of a bare host', 'https://example.com/', 'e4362dcc12ffaa53c6af99464c3d6300ac38236b'],
    ['without it', 'https://example.com', '3497c38d2b9c431ac6eee3a163a7db79adbd7e36'],
    ['decoded', 'https://example.com/a/b?x=1&y=中 +', '24c4f3ed487e771f75fd443b493253d1907ad686'],
  ])('makes another signature of an address %s', (_, url, signature) => {
    expect(signPage(A86, { ...COMPUTED, url })).toBe(signature);
  });
});

describe('newNonce', () => {
  it('is 16 letters and digits, and never the same', () => {
    const nonces = Array.from({ length: 200 }, newNonce);
    expect(nonces.every((nonce) => /^[A-Za-z0-9]{16}$/.test(nonce))).toBe(true);
    expect(new Set(nonces).size).toBe(200);
  });
});
