/** One message to a robot, over HTTP: what counts as said, and what is told when it isn't. */

import { describe, expect, it } from 'vitest';
import { createPost, type Post } from '../../functions/_shared/alerts/webhook.ts';
import { send } from '../../functions/_shared/wechat/send.ts';
import { closedPort, serveHttp } from '../wechat/loopback.ts';
import { FAILURES, hanging, KEY, startRobot } from './robot.ts';

const postTo = (url: string): Post => createPost(url, send);

describe('a message', () => {
  it('is the markdown that a WeCom robot takes', async () => {
    const { url, arrived } = await serveHttp((response) => void response.end('{"errcode":0}'));
    expect(await postTo(`${url}/send?key=k`)('### 告警')).toEqual({ kind: 'sent' });
    expect(arrived).toMatchObject([
      {
        method: 'POST',
        path: '/send?key=k',
        body: '{"msgtype":"markdown","markdown":{"content":"### 告警"}}',
      },
    ]);
    expect(arrived[0]?.headers['content-type']).toContain('application/json');
  });

  it('that a relay took without an errcode is said', async () => {
    for (const answer of ['', 'ok', '{}', 'null', '{"errcode":"0"}']) {
      const { url } = await serveHttp((response) => void response.end(answer));
      expect(await postTo(url)('x')).toEqual({ kind: 'sent' });
    }
  });

  it.each([
    ['answers 500', 500],
    ['says 93000', 93000],
    ['redirects elsewhere', 302],
  ])('of a webhook that %s is refused, and nothing of the address is told', async (how, errcode) => {
    const robot = await startRobot(() => 0);
    robot.behave(FAILURES[how]!);
    const posted = await postTo(robot.url)('x');
    expect(posted).toMatchObject({ kind: 'refused', errcode });
    expect(JSON.stringify(posted)).not.toMatch(new RegExp(`${KEY}|127\\.0\\.0\\.1|elsewhere`));
    expect(robot.messages).toHaveLength(1);
  });

  it('that could not be sent is refused; one that may have arrived is not', async () => {
    const dead = `http://127.0.0.1:${await closedPort()}/send?key=${KEY}`;
    expect(await postTo(dead)('x')).toMatchObject({ kind: 'refused', errcode: 503 });
    const robot = await startRobot(() => 0);
    robot.behave(hanging);
    const beganAtMs = performance.now();
    const posted = await postTo(robot.url)('x');
    expect(posted).toMatchObject({ kind: 'unanswered', errcode: 503 });
    expect(performance.now() - beganAtMs).toBeLessThan(10_000);
    expect(JSON.stringify(posted)).not.toContain(KEY);
  });

  it('that another robot refuses in its own way is refused as well', async () => {
    const { url } = await serveHttp((response) => response.end('{"code":19024,"msg":"Key Words Not Found"}'));
    expect(await postTo(url)('x')).toMatchObject({ kind: 'refused', errcode: 19024 });
  });

  it('is not waited for longer because the answer never ends', async () => {
    const { url } = await serveHttp((response) => {
      const more = setInterval(() => response.write('x'.repeat(30_000)), 50);
      response.on('close', () => clearInterval(more));
    });
    expect(await postTo(url)('x')).toMatchObject({ kind: 'unanswered' });
  });
});
