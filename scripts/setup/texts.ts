/** What `npm run setup` asks and says, in every language. */

import { textsOf } from '../command/language.ts';

const SETTINGS = 'https://mp.weixin.qq.com (开发管理 → 开发设置)';
const SETTINGS_ZH = 'https://mp.weixin.qq.com（开发管理 → 开发设置）';

export const texts = textsOf({
  en: {
    askEnv: 'CloudBase environment id (https://tcb.cloud.tencent.com/)',
    askAppid: 'AppID (https://mp.weixin.qq.com → 开发管理)',
    askSecret: (hint: string) => `AppSecret${hint}`,
    keepSecret: ' (empty: keep the one in the file)',
    askMode: 'How tokens are fetched',
    modes: {
      token: 'token: a new one every 110 minutes, each ends the one before it (GET /cgi-bin/token)',
      stable: 'stable: other systems fetch tokens for this AppID, too (POST /cgi-bin/stable_token)',
    },
    askEncryption: 'Encrypt the token in the database (a key is made for it)?',
    askAnyway: 'Write the file all the same?',
    needed: 'it is needed',
    ended: 'ended by you: nothing was written',
    envRule: 'letters, digits, - and _ only, such as my-env-1a2b3c',
    appidRule: 'an AppID is 6 to 64 letters, digits, - and _; WeChat’s is wx and 16 characters',
    secretRule: (length: number) =>
      `an AppSecret is 32 characters of 0-9 and a-f, and this is ${length === 32 ? 'something else' : `${length} characters`}: copy the whole of it from ${SETTINGS}`,
    notSent: (problem: string) => `WX_APPSECRET was not sent to WeChat: ${problem}`,
    nobodyToAsk: (missing: readonly string[]) =>
      `nobody can be asked here (no terminal), and this is missing: ${missing.join('; ')}`,
    missing: {
      env: 'the environment id (--env)',
      appid: 'the AppID (--appid)',
      secret:
        'the AppSecret (the variable WX_APPSECRET, or --secret-file with a file or - for standard input)',
    },
    unusualAppid: (appid: string) => `${appid} does not look like an AppID (wx and 16 characters)`,
    envProblem: 'TCB_ENV_ID must be letters, digits, - and _, as the console shows it',
    nothingWritten: 'nothing was written',
    refused: (problems: readonly string[]) => `nothing was written: ${problems.join('; ')}`,
    manyApps:
      'WX_APPS is set and wins over the one app that this command sets up: add the app to that list by hand, or take WX_APPS out first',
    unchecked: 'AppID and AppSecret were not checked with WeChat (--no-check)',
    accepted: 'WeChat accepts AppID and AppSecret (no token in use was touched)',
    wrote: (file: string, names: string) => `wrote ${file} (readable by you only): ${names}`,
    notLookedAt: (envId: string, why: string) => `${envId} was not looked at: ${why}`,
    newKey:
      'a new encryption key is in front of the list; whoever loses the keys loses no more than the stored token, which is then fetched anew',
    inClear: 'tokens will be stored in clear: --encryption on makes a key',
    tickets: (wanted: string | null, deploy: string) =>
      wanted === null
        ? `${deploy} takes getTicket away; what it stored stays`
        : `${deploy} adds getTicket, which keeps ${wanted}: the AppID must be that of an official account, a mini program has no tickets`,
    overruled: (names: string) =>
      `${names}: the process environment says something else and wins over the file`,
    next: (deploy: string) => `next: ${deploy}`,
    unreached:
      'WeChat could not be reached or did not answer: check the network, and https_proxy if you need one, and run the command again, or skip this check with --no-check',
    answered: (errcode: number, words: string) => `WeChat answered ${errcode}: ${words}`,
    wrongSecret: `the AppSecret is not that of this AppID. Copy it again from ${SETTINGS}; if nobody has it any more, reset it there, but then the old one stops working everywhere`,
    wrongAppid: `there is no such AppID. It begins with wx, has 18 characters and is case-sensitive: copy it from ${SETTINGS}`,
    notListed: (ip: string) =>
      `this app has an IP whitelist, and this machine's address ${ip || '(unknown)'} is not on it. Add ${ip || 'it'} at ${SETTINGS} → IP白名单 and run the command again, or skip this check with --no-check. The functions need their address there, too: give them a fixed egress IP`,
    frozen: `the AppSecret is frozen. Unfreeze it at ${SETTINGS}, which takes 10 minutes to act, and run the command again`,
    busy: 'it is busy just now. Run the command again in a minute',
    toConfirm:
      "WeChat wants the account's administrator to confirm calls from this machine: it has just sent him a message in WeChat. Let him confirm it and run the command again from here, or skip this check with --no-check",
    notConfirmed:
      "the account's administrator has not confirmed this machine yet: let him answer the message in WeChat and run the command again, or skip this check with --no-check",
    standardInput: 'standard input',
    secretFile: 'the file that --secret-file names',
    noSecretIn: (name: string) => `there is no AppSecret in ${name}: it is empty`,
    unreadable: (what: string, code: string) =>
      `${what} can't be read (${code}): give the path of a file that holds the AppSecret`,
    unknownReason: 'unknown reason',
    gitUnknown: (file: string) =>
      `git can't tell whether it would track ${file}: install git, or choose a place outside the repository with --file`,
    tracked: (file: string, name: string) =>
      `git would track ${file}, and secrets in it would be published: add ${name} to .gitignore (if it is committed already: git rm --cached ${name}), then run the command again`,
    unwritable: (file: string, code: string) =>
      `${file} can't be written (${code}): make its folder writable, or choose another place with --file`,
  },
  zh: {
    askEnv: 'CloudBase 环境 ID（https://tcb.cloud.tencent.com/）',
    askAppid: 'AppID（https://mp.weixin.qq.com → 开发管理）',
    askSecret: (hint) => `AppSecret${hint}`,
    keepSecret: '（直接回车：沿用文件里的）',
    askMode: '用哪个接口获取 token',
    modes: {
      token: 'token：每 110 分钟换一次，新的使旧的作废（GET /cgi-bin/token）',
      stable: 'stable：还有其他系统也在用这个 AppID 获取 token（POST /cgi-bin/stable_token）',
    },
    askEncryption: '是否加密数据库里的 token（会生成一把密钥）？',
    askAnyway: '仍要写入文件吗？',
    needed: '不能为空',
    ended: '已取消，没有写入任何内容',
    envRule: '只能有字母、数字、- 和 _，例如 my-env-1a2b3c',
    appidRule: 'AppID 由 6 到 64 个字母、数字、- 和 _ 组成；微信的 AppID 是 wx 加 16 个字符',
    secretRule: (length) =>
      `AppSecret 是 32 个字符（0-9 和 a-f），现在${length === 32 ? '含有其他字符' : `是 ${length} 个`}：请到 ${SETTINGS_ZH}完整复制`,
    notSent: (problem) => `WX_APPSECRET 没有发给微信：${problem}`,
    nobodyToAsk: (missing) => `这里不是终端，无法提问，缺少：${missing.join('；')}`,
    missing: {
      env: '环境 ID（--env）',
      appid: 'AppID（--appid）',
      secret: 'AppSecret（环境变量 WX_APPSECRET，或用 --secret-file 指定文件，- 表示标准输入）',
    },
    unusualAppid: (appid) => `${appid} 不像 AppID（应为 wx 加 16 个字符）`,
    envProblem: 'TCB_ENV_ID 只能有字母、数字、- 和 _，请照控制台显示的填写',
    nothingWritten: '没有写入任何内容',
    refused: (problems) => `没有写入任何内容：${problems.join('；')}`,
    manyApps: '已设置 WX_APPS，它优先于这里配置的单个应用：请直接把应用加进 WX_APPS，或者先去掉 WX_APPS',
    unchecked: '没有向微信核对 AppID 和 AppSecret（--no-check）',
    accepted: '微信已确认 AppID 和 AppSecret（不影响正在使用的 token）',
    wrote: (file, names) => `已写入 ${file}（只有你能读）：${names}`,
    notLookedAt: (envId, why) => `没有检查环境 ${envId}：${why}`,
    newKey: '已生成新的加密密钥，排在最前面。密钥丢了也没关系：库里的 token 会重新获取',
    inClear: 'token 将以明文存储：加 --encryption on 会生成密钥',
    tickets: (wanted, deploy) =>
      wanted === null
        ? `${deploy} 会删除 getTicket，已保存的 ticket 留着`
        : `${deploy} 会部署 getTicket，由它保存 ${wanted}：AppID 必须是公众号的，小程序没有 ticket`,
    overruled: (names) => `${names}：环境变量里的值不同，并且优先于文件`,
    next: (deploy) => `下一步：${deploy}`,
    unreached:
      '微信连不上，或者没有应答：检查网络（需要代理时设置 https_proxy）后重新执行，或者加 --no-check 跳过核对',
    answered: (errcode, words) => `微信返回 ${errcode}：${words}`,
    wrongSecret: `AppSecret 与这个 AppID 不符。请到 ${SETTINGS_ZH}重新复制；如果已经没有人保存，就在那里重置，但旧的会在所有地方失效`,
    wrongAppid: `没有这个 AppID。它以 wx 开头，共 18 个字符，区分大小写：请到 ${SETTINGS_ZH}复制`,
    notListed: (ip) =>
      `这个应用设置了 IP 白名单，本机地址${ip === '' ? '' : ` ${ip} `}不在其中。请在 ${SETTINGS_ZH}→ IP白名单 中添加后重新执行，或者加 --no-check 跳过核对。云函数的地址也要添加，因此请为云函数开启固定出口 IP`,
    frozen: `AppSecret 已被冻结。请到 ${SETTINGS_ZH}解冻，10 分钟后生效，再重新执行`,
    busy: '微信繁忙，请一分钟后重新执行',
    toConfirm:
      '微信要求账号管理员确认来自本机的调用，消息已发到管理员的微信。请管理员确认后在本机重新执行，或者加 --no-check 跳过核对',
    notConfirmed:
      '账号管理员还没有确认本机：请管理员在微信里处理那条消息后重新执行，或者加 --no-check 跳过核对',
    standardInput: '标准输入',
    secretFile: '--secret-file 指定的文件',
    noSecretIn: (name) => `${name}里没有 AppSecret：内容为空`,
    unreadable: (what, code) => `${what}读不了（${code}）：请给出存有 AppSecret 的文件路径`,
    unknownReason: '原因不明',
    gitUnknown: (file) => `无法判断 git 是否会跟踪 ${file}：请安装 git，或者用 --file 换到仓库之外的位置`,
    tracked: (file, name) =>
      `git 会跟踪 ${file}，里面的密钥就会公开：请把 ${name} 加进 .gitignore（如果已经提交过：git rm --cached ${name}），再重新执行`,
    unwritable: (file, code) => `${file} 写不了（${code}）：请让所在目录可写，或者用 --file 换一个位置`,
  },
});
