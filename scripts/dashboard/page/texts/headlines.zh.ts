/** The one thing to do next, in Chinese. */

import type { HeadlineKey, HeadlineText } from './headlines.en.ts';

export const headlines: Record<HeadlineKey, HeadlineText> = {
  healthy: { title: '一切正常，无需处理', todo: '到时间定时器会自动换新 token。' },
  minting: { title: '正在获取新 token', todo: '只需几秒。' },
  weather: {
    title: '无需处理，会自动恢复',
    todo: '微信连不上或繁忙。定时器每 5 分钟重试一次。',
  },
  down: {
    title: '微信给不出 token，库里的也已失效',
    todo: '定时器和每次调用都会自动重试。如果一直不恢复，检查云函数能否访问 api.weixin.qq.com。',
  },
  secret: {
    title: '更正 AppSecret',
    todo: '到 mp.weixin.qq.com 重新复制，然后 npm run setup、npm run deploy。换上新的会立即重试。',
  },
  appid: {
    title: '更正 AppID',
    todo: '检查 WX_APPID（区分大小写），然后 npm run setup、npm run deploy。',
  },
  whitelist: {
    title: '把云函数的 IP 加进白名单',
    todo: 'IP 见下面的原文：mp.weixin.qq.com → 开发管理 → 开发设置 → IP白名单。开了固定出口 IP 才不会再变。之后 npm run refresh。',
  },
  confirm: {
    title: '请管理员确认这个 IP',
    todo: '微信要求账号管理员确认该地址。拒绝一次封一小时，拒绝两次封一天。',
  },
  account: {
    title: '到 mp.weixin.qq.com 查看通知',
    todo: '账号被冻结，或者这个接口被停用了。',
  },
  frozen: {
    title: '解冻 AppSecret',
    todo: '在 mp.weixin.qq.com 解冻，10 分钟后生效。之后 npm run refresh。',
  },
  refused: {
    title: '看看微信为什么拒绝',
    todo: '照下面的原文处理，然后 npm run refresh。npm run doctor 会说得更细。',
  },
  quota: {
    title: '查出谁用光了额度',
    todo: '当天获取 token 的额度已用完，UTC+8 的 00:00 恢复，届时定时器会自动继续。',
  },
  limit: {
    title: '查出谁获取得这么频繁',
    todo: '已达到 MINT_LIMIT_PER_DAY，今天不再获取。如果确实需要这么多，调大后 npm run deploy。',
  },
  first: {
    title: '还没有 token',
    todo: '定时器第一次触发时会获取，最多等 5 分钟。想马上要就 npm run refresh。',
  },
  none: { title: '获取一个 token', todo: '库里没有 token。npm run refresh 会立即获取。' },
  dead: {
    title: '获取新的 token',
    todo: '库里的 token 已失效。下一次调用会获取新的；想马上要就 npm run refresh。',
  },
  late: {
    title: '检查定时触发器',
    todo: 'token 早该换了：触发器没有触发，或者每次都失败。npm run deploy 会把触发器修好。',
  },
  unsettled: {
    title: '无需处理，会自动恢复',
    todo: '微信的一次应答丢了，它可能已经签发了一个谁也没拿到的 token。库里的这个从那时起再用 4 分钟，随后换新。',
  },
  foreign: {
    title: '停掉另一个获取 token 的系统',
    todo: '双方会互相作废对方的 token。让它改调 getAccessToken，或者 npm run setup -- --mode stable 再 npm run deploy。',
  },
  damaged: {
    title: '有人改动过这条记录',
    todo: '下一次刷新会重新写好。然后查一查谁有这个集合的权限。',
  },
  manualRefresh: { title: '已请求手动刷新', todo: '下一次触发时执行。' },
  many: {
    title: '今天获取的 token 比平时多',
    todo: '从时间线看是谁要的：“报告失效”来自 token 被微信拒绝的调用方。',
  },
};
