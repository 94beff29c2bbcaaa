/** What troubles an app and the one thing to do next, in Chinese. */

import type { TroubleTexts } from './troubles.en.ts';

const troubles: TroubleTexts['troubles'] = {
  healthy: { title: '一切正常，无需处理', todo: '到时间后，token 会自动更换。' },
  minting: { title: '正在获取新 token', todo: '只需几秒。' },
  weather: {
    title: '无需处理，会自动恢复',
    todo: '微信连不上或繁忙。会自动重试；执行 npm run refresh 立即重试。',
  },
  down: {
    title: '无法从微信获取 token，库里的也已失效',
    todo: '会自动重试，每次调用也会重试。如果一直不恢复，检查云函数能否访问 api.weixin.qq.com。',
  },
  secret: {
    title: '更正 AppSecret',
    todo: '到 mp.weixin.qq.com 重新复制，然后执行 npm run setup 和 npm run deploy。换成新的之后立即重试。',
  },
  appid: {
    title: '更正 AppID',
    todo: '检查 WX_APPID（区分大小写），然后执行 npm run setup 和 npm run deploy。',
  },
  whitelist: {
    title: '把云函数的 IP 加进白名单',
    todo: 'IP 见微信的原文：在 mp.weixin.qq.com → 开发管理 → 开发设置 → IP白名单 中添加；云函数开启固定出口 IP，它才不会再变。之后执行 npm run refresh。',
  },
  confirm: {
    title: '请管理员确认这个 IP',
    todo: '微信要求账号管理员确认该地址。拒绝一次，该 IP 一小时内不可用；拒绝两次，一天内不可用。',
  },
  account: {
    title: '到 mp.weixin.qq.com 查看通知',
    todo: '账号被冻结，或者这个接口被停用了。',
  },
  frozen: {
    title: '解冻 AppSecret',
    todo: '在 mp.weixin.qq.com 解冻，10 分钟后生效。之后执行 npm run refresh。',
  },
  refused: {
    title: '查明微信拒绝的原因',
    todo: '按微信的原文处理，然后执行 npm run refresh。npm run doctor 有更详细的说明。',
  },
  quota: {
    title: '查出是谁用完了额度',
    todo: '当天获取 token 的额度已用完，UTC+8 的 00:00 恢复，届时会自动继续获取。',
  },
  limit: {
    title: '查出是谁频繁获取 token',
    todo: '已达到 MINT_LIMIT_PER_DAY，今天不再获取。如果确实需要这么多，调大后执行 npm run deploy。',
  },
  first: {
    title: '还没有 token',
    todo: '第一次触发或第一次调用时会获取。要立即获取，执行 npm run refresh。',
  },
  none: { title: '获取一个 token', todo: '库里没有 token。执行 npm run refresh 立即获取。' },
  dead: {
    title: '获取新的 token',
    todo: '库里的 token 已失效。下一次调用会获取新的；要立即获取，执行 npm run refresh。',
  },
  late: {
    title: '检查定时触发器',
    todo: 'token 早该更换：触发器没有触发，或者每次都失败。执行 npm run deploy 修复触发器。',
  },
  lateOutside: {
    title: '检查外部触发',
    todo: 'token 早该更换：外部没有触发，或者每次都失败。检查向 /tick 发请求的程序，看它收到的状态码；执行 npm run server-key -- list 可以看它的密钥是否有效。',
  },
  resting: {
    title: '无需处理：下一次调用会获取新的 token',
    todo: '库里的 token 到期后还没有人调用，而且没有设置任何触发（TICKS=readers）。要立即获取，执行 npm run refresh。',
  },
  unsettled: {
    title: '无需处理，会自动恢复',
    todo: '微信的一次应答丢失，微信可能已经签发了新的 token，但没有收到。库里的 token 从那时起再用 4 分钟，然后更换；npm run refresh 会等到那时。',
  },
  foreign: {
    title: '停用另一个获取 token 的系统',
    todo: '双方会互相作废对方的 token。让它改为调用 getAccessToken，或者执行 npm run setup -- --mode stable，再执行 npm run deploy。停用之后执行 npm run refresh -- --minter-gone。',
  },
  damaged: {
    title: '这条记录被别人改动过',
    todo: '执行 npm run refresh 重新写入，然后检查谁有这个集合的权限。',
  },
  manualRefresh: {
    title: '等待执行手动刷新',
    todo: '还没有执行；执行 npm run refresh 立即完成。',
  },
  many: {
    title: '今天获取的 token 比平时多',
    todo: '执行 npm run status 可以看出是谁触发的：“上报失效”来自 token 被微信拒绝的调用方。',
  },
  unsettledLong: {
    title: '获取新的 token',
    todo: '很久以前微信的一次应答丢失，至今没有处理。执行 npm run refresh 立即更换。',
  },
  leak: {
    title: '泄露的 token 仍然有效',
    todo: '更换的次数还不够。执行 npm run refresh -- --leaked 立即完成。',
  },
  future: {
    title: '库里的时间在未来',
    todo: '写入时的时钟走快了。执行 npm run refresh 立即获取新的 token。',
  },
  leftOver: {
    title: '这里没有配置',
    todo: '没有人刷新这个 token：它是以前的配置留下的。请在 WX_APPS 中配置该应用，或者删除这条记录。',
  },
};

export const zh: TroubleTexts = {
  troubles,
  ofSandbox: '这是沙箱里的开关造成的。关掉开关并拨快时钟，或者执行 npm run reset 重置沙箱。',
  lateHere: 'token 早该更换：npm start 运行时，定时器才会触发。执行 npm run refresh 立即获取新的 token。',
};
