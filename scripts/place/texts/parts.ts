/** The parts of a deployment and the checks of the doctor by name: programs read the English ones. */

import { language } from '../../command/language.ts';
import { wordFor } from '../../command/words.ts';

export function nameOfPart(part: string): string {
  if (language() === 'en') return part;
  return wordFor(part, CHINESE)
    .replace(/^collection /, '集合 ')
    .replace(/^(\d+) checks$/, '$1 项检查');
}

const CHINESE = {
  account: '账户',
  breaker: '熔断',
  build: '构建',
  clock: '时钟',
  collection: '集合',
  configuration: '云端配置',
  credentials: '腾讯云凭证',
  'data folder': '数据目录',
  document: '记录',
  documents: '记录集合',
  'egress IP': '出口 IP',
  encryption: '加密',
  environment: '环境',
  'foreign minter': '其他系统',
  functions: '云函数',
  guard: '访问限制',
  'last refresh': '上次刷新',
  manualRefresh: '手动刷新',
  'mints today': '今天获取',
  names: '函数名',
  'outside door': '外部入口',
  'outside function': '外部入口的函数',
  'outside guard': '外部入口的访问限制',
  'outside guard at its path': '外部入口路径的访问限制',
  'outside path': '外部入口的路径',
  'outside rule': '外部入口的规则',
  'outside servers': '外部服务器',
  'outside trigger': '外部入口的触发器',
  'outside variables': '外部入口的环境变量',
  refresh: '刷新',
  retries: '重试',
  'secrets file': '密钥文件',
  'security rule': '安全规则',
  settings: '本机配置',
  ticks: '触发',
  'ticks from outside': '外部触发',
  ticket: 'ticket',
  'ticket function': 'ticket 云函数',
  'ticket rule': 'ticket 规则',
  trigger: '触发器',
  unsettled: '获取状态',
  variables: '环境变量',
  'ways in': '访问途径',
  'wrong reports': '错误的上报',
} satisfies Record<string, string>;
