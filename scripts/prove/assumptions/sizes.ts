/** What the rules ask of a large document: it is stored whole, or not at all. */

import { pick } from '../../command/language.ts';
import { codeOf, type Assumption } from '../assumption.ts';
import { documentsOf, notRefused, stored } from '../trials.ts';

/** Ten times what a document with its history and every field takes. */
const LARGE_BYTES = 262_144;
/** https://www.mongodb.com/docs/manual/reference/limits/#mongodb-limit-BSON-Document-Size (read 2026-11-28) */
const TOO_LARGE_BYTES = 16 * 1024 * 1024;

export const SIZES: readonly Assumption[] = [
  {
    id: 'large-document',
    assumption: {
      en: 'a document of 256 KB is stored and read back whole',
      zh: '256 KB 的记录可以写入，并完整读回',
    },
    reliedOnFor: {
      en: 'a document with its history and every field is a tenth of that',
      zh: '带有历史和全部字段的记录只有它的十分之一',
    },
    ifNot: {
      en: 'refreshes fail once the history is full: report the size that goes',
      zh: '历史写满之后刷新会失败：请在 issue 里写明能写入的大小',
    },
    observe: (database) => roundTrip(database, LARGE_BYTES),
  },
  {
    id: 'too-large-document',
    assumption: {
      en: 'a document of more than 16 MB is refused, and nothing of it is stored',
      zh: '超过 16 MB 的记录会被拒绝，一点也不会写入',
    },
    reliedOnFor: {
      en: 'a write that does not fit is an error, and never half a record',
      zh: '写不下时报错，不会留下半条记录',
    },
    ifNot: {
      en: 'nothing has to be done for a healthy document, which has a few KB: report what was seen',
      zh: '正常的记录只有几 KB，不用处理：请在 issue 里写明看到的内容',
    },
    observe: async (database) => {
      const id = database.newId();
      const write = (): Promise<unknown> =>
        database.add({ _id: id, text: 'x'.repeat(TOO_LARGE_BYTES) }).then(
          () => null,
          (error: unknown) => error,
        );
      let told = await write();
      // So much takes a while to be sent, and a connection that was kept open may be closed meanwhile.
      if (codeOf(told) === 'ECONNRESET') told = await write();
      if (told === null) return notRefused();
      // What is no refusal, a timeout above all, says nothing.
      if (!/^(DATABASE_|4\d\d$)/.test(codeOf(told))) throw told;
      const found = documentsOf(await database.get(id)).length;
      return {
        holds: found === 0,
        seen: pick({
          en: `refused (${codeOf(told)}), ${found} documents afterwards`,
          zh: `被拒绝（${codeOf(told)}），之后有 ${found} 条记录`,
        }),
      };
    },
  },
];

async function roundTrip(database: Parameters<Assumption['observe']>[0], bytes: number) {
  const id = await stored(database, { text: 'x'.repeat(bytes) });
  const [found] = documentsOf(await database.get(id));
  const length = typeof found?.['text'] === 'string' ? found['text'].length : 0;
  await database.remove(id);
  return {
    holds: length === bytes,
    seen: pick({ en: `${length} of ${bytes} bytes came back`, zh: `读回 ${length} / ${bytes} 字节` }),
  };
}
