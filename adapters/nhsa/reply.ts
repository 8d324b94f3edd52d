import { randomInt } from 'node:crypto'
import type { Instant } from '../../engine/day.ts'
import { compact } from './moment.ts'

/** The response envelope (交易输出参数): every field of it, in its order, whatever there is to say. */
export interface Response {
  /** 0 where it was done, -1 where it was not. */
  readonly infcode: 0 | -1
  readonly inf_refmsgid: string
  readonly refmsg_time: string
  readonly respond_time: string
  readonly err_msg: string
  readonly output: unknown
  readonly enctype: string
  readonly signtype: string
  readonly cainfo: string
  readonly warn_msg: string
}

/** What we answer, before it is wrapped. */
export type Answered =
  | { readonly output: unknown; readonly warnings: readonly string[] }
  | { readonly refused: string }

/** When a request came, and its running number; undefined where it was turned away before it had one. */
export interface Receipt {
  /** The division of the receiver (医保区划). */
  readonly division: string
  readonly at: Instant
  readonly serial?: bigint | undefined
}

/** err_msg and warn_msg have at most so many characters. */
const longestText = 200

const shortened = (said: string): string => {
  const characters = Array.from(said)
  return characters.length <= longestText
    ? said
    : `${characters.slice(0, longestText - 1).join('')}…`
}

/** Numbers below are given out by the database, each once; the others are drawn by chance for whoever was turned away. */
const numbered = 9_000_000_000n

/** 接收方报文ID: the receiver's division(6), when it came(14), and a number(10). */
export function receiptId({ division, at, serial }: Receipt): string {
  const number =
    serial === undefined ? numbered + BigInt(randomInt(1_000_000_000)) : serial % numbered
  return `${division}${compact(at, 14)}${String(number).padStart(10, '0')}`
}

/** Wraps an answer. What encryption and signature add is put in by whoever does them. */
export function wrap(answered: Answered, receipt: Receipt, now: Instant): Response {
  const done = 'output' in answered
  return {
    infcode: done ? 0 : -1,
    inf_refmsgid: receiptId(receipt),
    refmsg_time: compact(receipt.at, 17),
    respond_time: compact(now, 17),
    err_msg: done ? '' : shortened(answered.refused),
    output: done ? answered.output : null,
    enctype: '',
    signtype: '',
    cainfo: '',
    warn_msg: done ? shortened(answered.warnings.join('；')) : '',
  }
}
