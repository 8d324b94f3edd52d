import type { Outcome } from '../../engine/outcome.ts'
import type { World } from './needs.ts'
import type { Refused } from './transaction.ts'

/** Outcomes of something that was done, now or when its message came first. */
export type Done = Extract<Outcome, { kind: 'settled' | 'entered' | 'undone' | 'reversed' }>

/** What stands before a sentence that tells a client to ask again, and to reverse what it cannot confirm (冲正 2601). */
export const unknownMark = '[结果未知]'
/** Nothing was done yet, or nothing at all: the same message may be sent again. */
const waitMarks = ['[处理中]', '[系统繁忙]', '[停止服务]']

/** What a client of ours makes of an err_msg: its outcome is unknown, it is to be sent again later, or it is refused. */
export function readRefusal(said: string): 'unknown' | 'again' | 'refused' {
  if (said.startsWith(unknownMark)) return 'unknown'
  return waitMarks.some((mark) => said.startsWith(mark)) ? 'again' : 'refused'
}

/** Tells what was done in the transaction's own way, and everything else in Chinese. */
export function tell<K extends Done['kind'], T>(
  outcome: Outcome,
  kind: K,
  world: Pick<World, 'explain'>,
  write: (done: Extract<Done, { kind: K }>) => T,
): T | Refused {
  if (outcome.kind === kind) return write(outcome as Extract<Done, { kind: K }>)
  return tellUndone(outcome, world)
}

/** Tells an outcome that is not what was asked for; nothing but these sentences says what a client should do next. */
function tellUndone(outcome: Outcome, world: Pick<World, 'explain'>): Refused {
  switch (outcome.kind) {
    case 'refused':
      return { refused: world.explain(outcome.refusal) }
    case 'differs':
      return {
        refused: `该msgid已用于另一笔请求，两次请求的${outcome.field}不同；新的请求请使用新的msgid。`,
      }
    case 'inProgress':
      return {
        refused: '[处理中]该请求正在处理，请稍后用同一msgid重发查询结果。',
        because: 'inProgress',
      }
    case 'busy':
      return tellBusy
    case 'unknown':
      return tellUnknown
    case 'bug':
      return tellBug(outcome.reference)
    case 'settled':
    case 'entered':
    case 'undone':
    case 'reversed':
    case 'moved':
      return { refused: '该msgid已用于另一种交易，请使用新的msgid。' }
  }
}

export const tellBusy = {
  refused: '[系统繁忙]本次请求未处理，请稍后用同一msgid重发。',
  because: 'busy',
} as const

export const tellUnknown = {
  refused: `${unknownMark}请求结果暂不能确定，请先用同一msgid重发查询；仍不能确定时用2601冲正。`,
  because: 'unknown',
} as const

export const tellBug = (reference: string) =>
  ({
    refused: `系统内部错误，本次请求未生效，请联系医保中心并提供编号${reference}。`,
    because: 'bug',
  }) as const

export const tellClosing = {
  refused: '[停止服务]系统正在停止服务，本次请求未处理，请稍后用同一msgid重发。',
  because: 'busy',
} as const
