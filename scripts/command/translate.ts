/** What the functions say of themselves, in the reader's language; WeChat's own words and all that is not known here stay. */

import { adviceFor } from '../../functions/_shared/alerts/chinese.ts';
import { knownErrcodes, meaningOf } from '../../functions/_shared/wechat/errcodes.ts';
import { language } from './language.ts';

export function translate(text: string): string {
  if (language() === 'en') return text;
  return [...advice(), ...OWN].reduce((rest, [english, chinese]) => rest.replace(english, chinese), text);
}

type Pair = readonly [english: string | RegExp, chinese: string];

/** Behind WeChat's text, in brackets. */
function advice(): Pair[] {
  const unknown = -999_999;
  return [...knownErrcodes(), unknown].map((code) => [
    ` (${meaningOf(code).advice})`,
    `；${SHORTER.get(code) ?? adviceFor(code)}`,
  ]);
}

/** An alert names commands; here the tool that shows the text does, for the place where the reader stands. */
const COPY_AGAIN =
  'AppSecret 错误：到 https://mp.weixin.qq.com（开发管理 → 开发设置）重新复制，写入 WX_APPSECRET 并部署';
const SHORTER = new Map([
  [40_001, COPY_AGAIN],
  [40_125, COPY_AGAIN],
  [-1, '微信繁忙，会自动重试'],
  [45_011, '这一分钟内调用过多，会自动重试'],
]);

const OWN: readonly Pair[] = [
  [/; it is tried again by itself/g, '；会自动重试'],
  [/no host was tried/, '没有尝试任何地址'],
  [/WeChat could not be reached \(([^)]*)\)/, '连不上微信（$1）'],
  [/WeChat did not answer \(([^)]*)\)/, '微信没有应答（$1）'],
  [/WeChat's answer was of no use: HTTP (\d+) with an empty body/, '微信的应答无法使用：HTTP $1，内容为空'],
  [
    /WeChat's answer was of no use: HTTP (\d+) with an HTML page/,
    '微信的应答无法使用：HTTP $1，是 HTML 网页',
  ],
  [
    /WeChat's answer was of no use: HTTP (\d+) with a body that is no JSON/,
    '微信的应答无法使用：HTTP $1，不是 JSON',
  ],
  [
    /WeChat's answer was of no use: HTTP (\d+) with JSON that holds neither access_token nor errcode/,
    '微信的应答无法使用：HTTP $1，JSON 中没有 access_token 和 errcode',
  ],
  [
    /WeChat's answer was of no use: an access_token that is already over \(expires_in of 0 or less\)/,
    '微信的应答无法使用：access_token 已到期（expires_in 不大于 0）',
  ],
  [/WeChat's answer was of no use: /, '微信的应答无法使用：'],
  [
    /no usable access_token just now: another call is fetching one; ask again in a moment/,
    '暂时没有可用的 access_token：另一次调用正在获取，请稍后再试',
  ],
  [/no usable access_token just now: /, '暂时没有可用的 access_token：'],
  [/(\d+) access tokens were minted today, and /, '今天已获取 $1 次，'],
  [/; the count begins again at 00:00 UTC\+8/, '；UTC+8 的 00:00 重新计数'],
  [
    /MINT_LIMIT_PER_DAY allows no more: find out who reports or mints so often, or raise it/,
    '已达到 MINT_LIMIT_PER_DAY：请查出是谁在频繁上报或获取，或者调大它',
  ],
  [
    /MINT_LIMIT_PER_DAY leaves no more to reports \(its last part is kept for the timer\): find out who reports or mints so often, or raise it/,
    'MINT_LIMIT_PER_DAY 留给上报的部分已用完（最后一部分留给定时器）：请查出是谁在频繁上报或获取，或者调大它',
  ],
  [
    /WeChat itself has refused more than (\d+) a day \(45009; the last part of them is kept for the timer\): find out who reports or mints so often/,
    '微信曾在一天超过 $1 次时拒绝（45009；最后一部分留给定时器）：请查出是谁在频繁上报或获取',
  ],
  [
    /WeChat issued an access_token but it could not be stored: (.*); it is kept in memory and stored at the next call/,
    '微信已签发 access_token，但没能存下：$1；它留在内存里，下一次调用时再存',
  ],
  [
    /the claim was nearly over before WeChat was asked \(a slow database or a frozen instance\); nothing was minted/,
    '还没来得及请求微信，抢占就快到期了（数据库慢，或者实例被冻结）；没有获取',
  ],
  [/another instance is minting/, '另一个实例正在获取'],
  [
    /an earlier mint is unsettled; the next one waits for the end of the hold/,
    '上一次获取没有结果；从那次起满 4 分钟才能再次获取',
  ],
  [/forced refreshes have to be 30 s apart/, '强制刷新须间隔 30 秒'],
  [
    /the collection (\S+) does not exist: npm run deploy creates it/,
    '集合 $1 不存在：请执行 npm run deploy 创建',
  ],
  [
    /the collection (\S+) is closed to this function: npm run deploy sets its access/,
    '云函数没有集合 $1 的权限：请执行 npm run deploy 设置',
  ],
  [/the database could not be read \(([^)]*)\)/, '数据库无法读取（$1）'],
  [/the database could not be written \(([^)]*)\)/, '数据库无法写入（$1）'],
  [/refresh failed, the platform will retry it: /, '刷新失败，平台会重试：'],
  [
    /misconfigured: (.*)\. Set the variables of the functions and run npm run deploy/,
    '配置有误：$1。请设置云函数的环境变量，再执行 npm run deploy',
  ],
  [/internal error/, '内部错误'],
  [
    /caller not allowed: the timer and the management side refresh, nobody else has to/,
    '不允许这样调用：只有定时器和管理端可以刷新',
  ],
  [
    /caller not allowed: this platform tells no source, so a tick comes by the outside door, with a server key \(npm run server-key\)/,
    '不允许这样调用：这个平台不给出调用来源，触发要经过外部入口，并带上服务器密钥（npm run server-key）',
  ],
  [
    /caller not allowed \(source ([^)]*)\): only other cloud functions may read the access_token, by callFunction\(\{ name: '(\w+)' \}\); TRUSTED_SOURCES can admit further sources/,
    '不允许这样调用（来源 $1）：只有其他云函数可以用 callFunction({ name: "$2" }) 读取 access_token；TRUSTED_SOURCES 可以允许更多来源',
  ],
  [
    /malformed event: appid is needed, since several apps are configured/,
    '事件有误：配置了多个应用，必须写明 appid',
  ],
  [/malformed event: /, '事件有误：'],
  [
    /unknown appid: it is not among those that WX_APPID or WX_APPS configures/,
    '没有这个 AppID：WX_APPID 和 WX_APPS 都没有配置它',
  ],
  [
    /the 20 forced refreshes that WeChat allows a day are used up; they come back at 00:00 UTC\+8 \(reset the AppSecret if the leak can't wait\)/,
    '微信每天允许的 20 次强制刷新已用完，UTC+8 的 00:00 恢复（泄露不能等的话，请重置 AppSecret）',
  ],
  [/(\w+) is missing/g, '没有设置 $1'],
  [/(\w+) must be 1 to 128 printable characters without spaces/g, '$1 须为 1 到 128 个可见字符，不含空格'],
  [/WX_TOKEN_API must be token or stable/, 'WX_TOKEN_API 只能是 token 或 stable'],
  [/(\w+) must be a whole number from (\d+) to (\d+)/g, '$1 须为 $2 到 $3 的整数'],
  [
    /WX_API_BASE_URLS must be a comma list of https addresses \(http only on loopback\)/,
    'WX_API_BASE_URLS 须为逗号分隔的 https 地址（http 仅限本机）',
  ],
  [
    /TOKEN_ENCRYPTION_KEYS must be a comma list of up to 10 keys, each 32 bytes in base64 \(npm run setup makes one\)/,
    'TOKEN_ENCRYPTION_KEYS 须为逗号分隔的密钥，最多 10 把，每把是 32 字节的 base64（可用 npm run setup 生成）',
  ],
  [/TICKS must be timer, outside or readers/, 'TICKS 只能是 timer、outside 或 readers'],
  [
    /WX_APPS must be a JSON array (\[.*?\]) with api token or stable and no other keys, 40 apps at most/,
    'WX_APPS 须为 JSON 数组 $1，api 只能是 token 或 stable，不能有其他字段，最多 40 个应用',
  ],
  [/WX_APPS names an appid twice/, 'WX_APPS 中有重复的 AppID'],
  [
    /ALERT_WEBHOOK_URL must be one https address \(http only on loopback\) of at most 1000 characters: nobody is alerted until it is/,
    'ALERT_WEBHOOK_URL 须为一个 https 地址（http 仅限本机），最长 1000 个字符：改正之前不会发出告警',
  ],
  [
    /the document of (\S+) has format (\d+), and this version knows (\d+): a newer version has written it, so it is left as it is; deploy that version again, or a later one/,
    '$1 的记录是格式 $2，这个版本只认到 $3：它由更新的版本写入，所以原样保留；请重新部署那个版本或更新的版本',
  ],
];
