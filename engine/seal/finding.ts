/** What a verification found wrong (核验发现): what is not as it was sealed, where, and in words for people. */
export interface Finding {
  readonly kind: FindingKind
  /** The position of the journal, where it is about one. */
  readonly position?: number | undefined
  /** The last position, where it is about several and nobody can tell which. */
  readonly until?: number | undefined
  readonly posting?: string | undefined
  readonly message: { readonly en: string; readonly zh: string }
}

export const findingKinds = [
  'unreadable', // 无法读取
  'changed', // 被篡改
  'removed', // 被删除
  'added', // 被增加
  'restored', // 库被回退
  'head', // 日志头不符
  'signature', // 签名不符
  'incomplete', // 文件不完整
] as const
export type FindingKind = (typeof findingKinds)[number]

const where = (position: number, posting?: string): [en: string, zh: string] => [
  posting === undefined ? `Position ${position}` : `Position ${position} (${posting})`,
  posting === undefined ? `第 ${position} 号` : `第 ${position} 号（${posting}）`,
]

export function wasChanged(
  position: number,
  posting: string,
  what: { readonly en: string; readonly zh: string },
): Finding {
  const [en, zh] = where(position, posting)
  const message = {
    en: `${en} was changed after it was written: ${what.en}.`,
    zh: `${zh}写入后被篡改：${what.zh}。`,
  }
  return { kind: 'changed', position, posting, message }
}

export const partsOfChange = {
  written: {
    en: 'its document, transfers, balances or running sums are not those of its digest',
    zh: '其单据、分录、余额或累计与摘要不符',
  },
  place: {
    en: 'its digest, moment or place is not the one that was sealed',
    zh: '其摘要、时间或次序与封存时不符',
  },
  columns: (names: readonly string[]) => ({
    en: `columns that say otherwise than its document: ${names.join(', ')}`,
    zh: `下列字段与其单据不符：${names.join('、')}`,
  }),
}

export function wasRemoved(position: number, until = position): Finding {
  const isOne = until === position
  const message = isOne
    ? { en: `Position ${position} was removed.`, zh: `第 ${position} 号被删除。` }
    : {
        en: `Positions ${position} to ${until} were removed.`,
        zh: `第 ${position} 至 ${until} 号被删除。`,
      }
  return { kind: 'removed', position, until: isOne ? undefined : until, message }
}

export function wasAdded(position: number, posting: string): Finding {
  const [en, zh] = where(position, posting)
  const message = {
    en: `${en} stands there twice: one of them was added.`,
    zh: `${zh}重复出现：其中之一是被增加的。`,
  }
  return { kind: 'added', position, posting, message }
}

export const isStray = (table: string, owner: string, row: string): Finding => ({
  kind: 'added',
  posting: row,
  message: {
    en: `A row of ${table} (${row} of ${owner}) moves money and has no place in the journal: it was added by hand, or its place was removed.`,
    zh: `${table} 中的一行（${owner} 的 ${row}）涉及资金却不在日志中：系被人为增加，或其日志位置被删除。`,
  },
})

/** Somewhere between two heads, without the hashes that would tell where. */
export const changedWithin = (position: number, until: number): Finding => ({
  kind: 'changed',
  position,
  until,
  message: {
    en: `Something among positions ${position} to ${until} was changed, removed or put elsewhere; what heads say after that cannot be told.`,
    zh: `第 ${position} 至 ${until} 号之间有内容被篡改、删除或调换，其后日志头无从核对。`,
  },
})

export const wasRestored = (size: number, until: number, at: string): Finding => ({
  kind: 'restored',
  position: until + 1,
  until: size,
  message: {
    en: `A head of ${size} positions was signed at ${at}, but there are only ${until} now: the last ${size - until} were removed, or the database was put back to an older backup.`,
    zh: `${at} 曾签发含 ${size} 个位置的日志头，而现仅有 ${until} 个：其后 ${size - until} 个被删除，或数据库被回退到旧备份。`,
  },
})

export const headFinding = (
  kind: 'head' | 'signature',
  size: number | undefined,
  en: string,
  zh: string,
): Finding => ({
  kind,
  position: size,
  message: {
    en: size === undefined ? en : `The head of ${size} positions ${en}`,
    zh: size === undefined ? zh : `含 ${size} 个位置的日志头${zh}`,
  },
})

export const isUnreadable = (line: number): Finding => ({
  kind: 'unreadable',
  message: {
    en: `Line ${line} of the file is no line of an audit export.`,
    zh: `文件第 ${line} 行不是审计导出的内容。`,
  },
})

export const isIncomplete = (en: string, zh: string): Finding => ({
  kind: 'incomplete',
  message: { en, zh },
})
