import { isDeepStrictEqual } from 'node:util'
import type { Output } from './hospitalDayDesk.ts'

type Fields = Readonly<Record<string, unknown>>

/** A settlement or a refund (退费) as an institution's own books have it; amounts in fen, those of a refund negative. */
export interface Entry {
  readonly setl_id: string
  readonly mdtrt_id: string
  readonly psn_no: string
  readonly insutype: string
  readonly clr_type: string
  readonly day: string
  /** The message that it was asked by. */
  readonly msgid: string
  readonly total: number
  readonly fund: number
  readonly account: number
  readonly cash: number
  readonly refund: boolean
  /** Fen by payer (setldetail). */
  readonly payers: ReadonlyMap<string, number>
}

/** Fen of an amount that came as a JSON number of yuan. */
export const fenOf = (fields: Fields, name: string): number =>
  Math.round(Number(fields[name]) * 100)

export function entryOf({ setlinfo, setldetail = [] }: Output): Entry {
  const { setl_id, mdtrt_id, psn_no, insutype, clr_type, setl_time, medins_setl_id } = setlinfo
  const payers = new Map<string, number>()
  for (const row of setldetail as readonly Fields[]) {
    const name = String(row['fund_pay_type_name'])
    payers.set(name, (payers.get(name) ?? 0) + fenOf(row, 'fund_payamt'))
  }
  return {
    setl_id,
    mdtrt_id,
    psn_no,
    insutype,
    clr_type,
    day: String(setl_time).slice(0, 10),
    msgid: medins_setl_id,
    total: fenOf(setlinfo, 'medfee_sumamt'),
    fund: fenOf(setlinfo, 'fund_pay_sumamt'),
    account: fenOf(setlinfo, 'acct_pay'),
    cash: fenOf(setlinfo, 'psn_cash_pay'),
    refund: false,
    payers,
  }
}

const less = (fen: number): number => (fen === 0 ? 0 : -fen)

/** What takes a settlement back is the same with every amount negated. */
export const refundOf = (entry: Entry, day: string, msgid: string): Entry => ({
  ...entry,
  day,
  msgid,
  total: less(entry.total),
  fund: less(entry.fund),
  account: less(entry.account),
  cash: less(entry.cash),
  refund: true,
  payers: new Map([...entry.payers].map(([name, fen]) => [name, less(fen)])),
})

/** What a refund's reply does not negate exactly of the settlement that it takes back. */
export function wrongRefund(settled: Entry, { setlinfo }: Output): string[] {
  const told = { setlinfo: { ...setlinfo, clr_type: settled.clr_type, insutype: settled.insutype } }
  const negated = entryOf(told)
  return (['total', 'fund', 'account', 'cash'] as const)
    .filter((of) => negated[of] !== less(settled[of]))
    .map(
      (of) => `the refund of ${settled.setl_id} has ${of} ${negated[of]}, not ${less(settled[of])}`,
    )
}

const named = new Set(['setl_id', 'mdtrt_id', 'setl_time', 'medins_setl_id'])
const withoutNames = (fields: Fields): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([name]) => !named.has(name)))

/** Whether a preview (预结算) said what the settlement then was, but for the names that only a settlement has. */
export const previewHeld = (preview: Output, settled: Output): boolean =>
  isDeepStrictEqual(withoutNames(preview.setlinfo), withoutNames(settled.setlinfo)) &&
  isDeepStrictEqual(preview.setldetail, settled.setldetail)

/** Sums of some entries: refunds count negative, and there are as many rows as settlements less refunds. */
export function netOf(entries: readonly Entry[]) {
  const sum = (of: (entry: Entry) => number): number =>
    entries.reduce((so, entry) => so + of(entry), 0)
  return {
    rows: sum(({ refund }) => (refund ? -1 : 1)),
    total: sum(({ total }) => total),
    fund: sum(({ fund }) => fund),
    account: sum(({ account }) => account),
    cash: sum(({ cash }) => cash),
  }
}

/** What people's accounts (个人账户) hold, as an institution can know: what 1101 said, less what was paid since. */
export interface Balances {
  /** Notes what 1101 says; where something was known before, the two must be the same. */
  said(psn_no: string, fen: number): boolean
  /** Notes what a reply says was paid; whether its balance is what is left (I7). */
  paid(setlinfo: Fields): boolean
}

/** `sharedBy` tells whose account pays for somebody else (共济). */
export function createBalances(sharedBy: ReadonlyMap<string, string>): Balances {
  const known = new Map<string, number>()
  return {
    said(psn_no, fen) {
      const before = known.get(psn_no)
      known.set(psn_no, fen)
      return before === undefined || before === fen
    },
    paid(setlinfo) {
      const psn_no = String(setlinfo['psn_no'])
      const shared = fenOf(setlinfo, 'acct_mulaid_pay')
      const before = known.get(psn_no) ?? 0
      const left = before - fenOf(setlinfo, 'acct_pay') + shared
      known.set(psn_no, left)
      const sharer = sharedBy.get(psn_no) ?? ''
      const theirs = known.get(sharer)
      if (theirs !== undefined) known.set(sharer, theirs - shared)
      return fenOf(setlinfo, 'balc') === left
    },
  }
}
