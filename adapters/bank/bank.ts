import type { BankReason } from '../../engine/collection.ts'
import type { Fen } from '../../engine/money.ts'
import type { ReturnReason } from '../../engine/payout.ts'

/** What a bank is asked to take from an account (代扣). */
export interface CollectOrder {
  /** Ours: under one reference a bank takes money once, however often it is asked. */
  readonly reference: string
  readonly account: string
  readonly amount: Fen
}

export type BankAnswer =
  | { readonly state: 'collected' }
  | { readonly state: 'refused'; readonly reason: BankReason }

/** What a bank is asked to pay to an account (代发). */
export interface PayOrder {
  /** Ours: under one reference a bank pays once, however often it is asked. */
  readonly reference: string
  readonly account: string
  readonly amount: Fen
}

export type PayAnswer =
  | { readonly state: 'paid' }
  | { readonly state: 'returned'; readonly reason: ReturnReason }

/** A bank of cards' accounts (社保卡合作银行). Whatever throws leaves open what has happened there. */
export interface Bank {
  collect(order: CollectOrder): Promise<BankAnswer>
  /** What became of a reference; `absent` where the bank has not heard of it yet. */
  query(reference: string): Promise<BankAnswer | { readonly state: 'absent' }>
  /** Gives back what was taken under a reference, and takes nothing under it any more, though it is asked for later. */
  returnMoney(reference: string): Promise<void>
}

/** A bank that pays what it is told to (代发银行). Whatever throws leaves open what has happened there. */
export interface PayingBank {
  pay(order: PayOrder): Promise<PayAnswer>
  /** What became of a payment; `absent` where the bank has not heard of it yet. */
  queryPayment(reference: string): Promise<PayAnswer | { readonly state: 'absent' }>
}

/** A bank whose replies are waited for no longer than this: what comes later is asked for again. */
export function bounded(bank: Bank, limit_ms = 3_000): Bank {
  return {
    collect: async (order) => within(bank.collect(order), limit_ms),
    query: async (reference) => within(bank.query(reference), limit_ms),
    returnMoney: async (reference) => within(bank.returnMoney(reference), limit_ms),
  }
}

export function boundedPaying(bank: PayingBank, limit_ms = 3_000): PayingBank {
  return {
    pay: async (order) => within(bank.pay(order), limit_ms),
    queryPayment: async (reference) => within(bank.queryPayment(reference), limit_ms),
  }
}

async function within<T>(work: Promise<T>, limit_ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('the bank did not reply in time')), limit_ms)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
