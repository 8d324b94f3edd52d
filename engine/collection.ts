import type { Instant } from './day.ts'
import { type Dossiers, type Entry, type Kept, keptOf, type Subject } from './dossier.ts'
import { type Fen, parseYuan, subtract, sum, toYuan, zero } from './money.ts'
import type { Entered, Found, Row } from './ports.ts'
import { type Refusal, isRefusal, refuse } from './refusal.ts'
import { isEffective } from './undo.ts'

/**
 * Where one collection stands. `asked` is what is recorded before the bank is asked, and `returning` before it is told
 * to give back; `unknown` is what no reply in time comes to.
 */
export const collectionStates = [
  'asked', // 已发起
  'collected', // 代扣成功
  'refused', // 代扣失败
  'unknown', // 结果未知
  'returning', // 退款中
  'returned', // 已退款
] as const
export type CollectionState = (typeof collectionStates)[number]

/**
 * What may follow what. A settlement that is undone calls back what was collected, and also what may still be: the bank
 * then gives back what it took, and takes nothing under that reference any more.
 */
export const collectionSteps: Readonly<Record<CollectionState, readonly CollectionState[]>> = {
  asked: ['collected', 'refused', 'unknown', 'returning'],
  unknown: ['collected', 'refused', 'returning'],
  collected: ['returning'],
  returning: ['returned'],
  refused: [],
  returned: [],
}

/** Why a bank takes nothing (代扣失败原因). */
export const bankReasons = ['insufficient-funds', 'account-closed', 'withdrawn', 'other'] as const
export type BankReason = (typeof bankReasons)[number]

/** A part of a settlement's cash that was asked of the bank of the card (社保卡银行账户代扣). */
export interface Collection {
  /** What the bank knows it by (银行流水号): under one reference it takes money once. */
  readonly reference: string
  readonly amount: Fen
  readonly state: CollectionState
  readonly reason?: BankReason | undefined
  readonly askedAt: Instant
  readonly at: Instant
}

/** What is kept of the collections of a settlement. */
export const collectionSubject = (owner: string, settlement: string): Subject => ({
  owner,
  name: `${collectionPrefix}${settlement}`,
})

/** How the names of such subjects begin. */
export const collectionPrefix = 'collection '

/** The settlement whose collections a subject is about. */
export const settlementOf = ({ name }: Pick<Subject, 'name'>): string =>
  name.slice(collectionPrefix.length)

interface Body {
  readonly reference: string
  readonly amount?: string | undefined
  readonly reason?: BankReason | undefined
}

/** Every collection of a settlement in the order in which they were asked for. */
export function readCollections(kept: readonly Kept[]): readonly Collection[] {
  const known = new Map<string, Collection>()
  for (const { kind, body, at } of kept) {
    const { reference, amount, reason } = body as unknown as Body
    const before = known.get(reference)
    const state = kind as CollectionState
    known.set(reference, {
      reference,
      amount: before?.amount ?? parseYuan(amount as string),
      state,
      ...(reason !== undefined && { reason }),
      askedAt: before?.askedAt ?? at,
      at,
    })
  }
  return [...known.values()]
}

/** Whether the bank has still to be asked or told something about it. */
export const isOpen = ({ state }: Pick<Collection, 'state'>): boolean =>
  state === 'asked' || state === 'unknown' || state === 'returning'

/** What a settlement leaves to be collected (待代扣金额): the person's cash, less what the bank took of it and may still take. What is owed by name is not theirs to collect. */
export function leftToCollect(head: Row, collections: readonly Collection[]): Fen {
  const { cash, employerShare, receivable = zero } = head.content
  const taken = collections.filter(({ state }) => state !== 'refused' && !isReturn(state))
  return subtract(cash, sum([employerShare, receivable, ...taken.map(({ amount }) => amount)]))
}

const isReturn = (state: CollectionState): boolean => state === 'returning' || state === 'returned'

/** What is asked for: so much of a settlement's cash, or all that is left of it. */
export interface CollectionAsked {
  readonly settlement: string
  readonly institution: string
  readonly amount?: Fen | undefined
  /** The reference that this collection gets, if it is asked for now. */
  readonly reference: string
}

/** Records that the bank is about to be asked; nothing is sent before this stands. */
export function askCollection(found: Found, asked: CollectionAsked): Entered | Refusal {
  const { settlement, institution, reference } = asked
  const { head } = found
  if (!head || head.content.institution !== institution)
    return refuse('settlement-unknown', { settlement })
  if (!isEffective(head)) return refuse('already-undone', { settlement, by: head.id })
  const subject = collectionSubject(head.content.person, settlement)
  const collections = readCollections(keptOf(found.dossiers, subject))
  const amount = amountOf(head, collections, asked)
  if (isRefusal(amount)) return amount
  if (found.facts.identity?.bankAccount === undefined) return refuse('bank-account-missing')
  const body = { reference, amount: toYuan(amount) }
  const due = found.now + firstLook_ms
  return { entries: [{ subject, kind: 'asked', body, due }], result: body }
}

function amountOf(
  head: Row,
  collections: readonly Collection[],
  { settlement, amount }: CollectionAsked,
): Fen | Refusal {
  const open = collections.find(({ state }) => state === 'asked' || state === 'unknown')
  if (open) return refuse('collection-open', { settlement, reference: open.reference })
  const left = leftToCollect(head, collections)
  if (left <= zero) return refuse('nothing-to-collect', { settlement })
  if (amount !== undefined && (amount > left || amount <= zero))
    return refuse('collection-too-large', { settlement, left: toYuan(left) })
  return amount ?? left
}

/** What the bank said of a collection, or that it did not say anything in time. */
export interface CollectionTold {
  readonly settlement: string
  readonly reference: string
  readonly state: 'collected' | 'refused' | 'unknown' | 'returned'
  readonly reason?: BankReason | undefined
}

/**
 * Records what became of a collection. What the table does not allow was overtaken, say by another process, and changes
 * nothing; money that was collected for a settlement that no longer stands goes back.
 */
export function noteCollection(found: Found, told: CollectionTold): Entered {
  const { head } = found
  const subject = collectionSubject(head?.content.person ?? '', told.settlement)
  const collections = readCollections(keptOf(found.dossiers, subject))
  const one = collections.find(({ reference }) => reference === told.reference)
  const gone = head === undefined || !isEffective(head)
  const state = gone && told.state === 'collected' ? 'returning' : told.state
  if (!one || !collectionSteps[one.state].includes(state)) return { entries: [] }
  const { reference, reason } = told
  const open = collections.some((each) => isOpen(each === one ? { state } : each))
  const due = open ? found.now + (state === 'unknown' ? firstLook_ms : 0) : 'never'
  const body = { reference, ...(reason !== undefined && { reason }) }
  return { entries: [{ subject, kind: state, body, due }] }
}

/** A settlement that is undone calls back its collections, in the transaction that undoes it. */
export function callBack(dossiers: Dossiers, row: Row): readonly Entry[] {
  if (isEffective(row)) return []
  const subject = collectionSubject(row.content.person, row.settlement)
  return readCollections(keptOf(dossiers, subject))
    .filter(({ state }) => collectionSteps[state].includes('returning'))
    .map(({ reference }) => ({
      subject,
      kind: 'returning',
      body: { reference },
      due: row.postedAt,
    }))
}

const second_ms = 1_000
const minute_ms = 60 * second_ms

/** The bank is asked what became of it after 5 s; then after 15 s, 1 min, 5 min, 15 min, 1 h, and every hour for ever. */
const firstLook_ms = 5 * second_ms
const waits_ms = [15 * second_ms, minute_ms, 5 * minute_ms, 15 * minute_ms, 60 * minute_ms]

/** How long to wait after the n-th attempt, from 1. */
export const waitAfter = (attempt: number): number =>
  waits_ms[Math.min(attempt, waits_ms.length) - 1] as number

/** After so many attempts somebody has to look at it; the attempts go on. */
export const alarmAfter = 6
