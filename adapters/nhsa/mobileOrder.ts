import type { Instant } from '../../engine/day.ts'
import { type Entry, type Json, type Kept, keptOf, type Subject } from '../../engine/dossier.ts'
import { type Fen, sum, zero } from '../../engine/money.ts'
import type { Found } from '../../engine/ports.ts'
import type { Amounts } from '../../engine/settlement.ts'
import { readVisit, type Visit, visitSubject } from '../../engine/visit.ts'
import type { DossierQueries } from './needs.ts'

/** What a mobile order comes to (移动支付): its three components add up to its total, exactly, in fen (I8). */
export interface Components {
  readonly total: Fen
  readonly cash: Fen
  readonly account: Fen
  readonly fund: Fen
}

/** Which part of an order is refunded (退费类型, refdType): everything, cash alone, or all but cash. */
export const refundTypes = ['ALL', 'CASH', 'HI'] as const
export type RefundType = (typeof refundTypes)[number]

export interface Refund extends Components {
  readonly type: RefundType
  /** The institution's refund number (退费流水号, appRefdSn). */
  readonly number: string
}

/** What an order is for: the unsettled lines of one charge batch of a visit. */
export interface OrderMade {
  readonly person: string
  readonly visit: string
  /** Whether the visit was registered by the order itself, and ends with it. */
  readonly registers: boolean
  readonly batch: string
  readonly total: Fen
  readonly useAccount: boolean
  readonly medOrgOrd: string
  readonly payToken: string
  readonly revsToken: string
}

export interface Paid extends Components {
  readonly settlement: string
  readonly at: Instant
}

/** An order (医保订单, payOrdId) as its entries tell it. */
export interface Order extends OrderMade {
  readonly subject: Subject
  readonly id: string
  readonly institution: string
  readonly paid?: Paid | undefined
  readonly refunds: readonly Refund[]
  readonly revoked: boolean
}

const prefix = 'order '

const orderSubject = (person: string, id: string): Subject => ({ owner: person, name: prefix + id })

/** Where an institution's order leads to its person: 6202 to 6401 name the order alone. */
const indexSubject = (institution: string, id: string): Subject => ({
  owner: `institution:${institution}`,
  name: prefix + id,
})

/** Both subjects of an order: the order itself first. */
export const subjectsOf = (institution: string, person: string, id: string): [Subject, Subject] => [
  orderSubject(person, id),
  indexSubject(institution, id),
]

interface OrderEntries {
  readonly uploaded: OrderMade
  readonly paid: Paid
  readonly refunding: Refund
  readonly 'refund-failed': { readonly number: string }
  readonly revoked: Readonly<Record<string, never>>
}

export const orderEntry = <K extends keyof OrderEntries>(
  subject: Subject,
  kind: K,
  body: OrderEntries[K],
): Entry => ({ subject, kind, body: withText(body) })

export const indexEntry = (subject: Subject, person: string): Entry => ({
  subject,
  kind: 'order',
  body: { person },
})

const amounts = ['total', 'cash', 'account', 'fund'] as const

/** JSON has no whole numbers of that size, so amounts are kept as text. */
const withText = (body: object): Json =>
  Object.fromEntries(
    Object.entries(body).map(([name, value]) => [
      name,
      typeof value === 'bigint' ? String(value) : (value as Json),
    ]),
  )

const withFen = (body: Json): unknown =>
  Object.fromEntries(
    Object.entries(body as Record<string, Json>).map(([name, value]) => [
      name,
      (amounts as readonly string[]).includes(name) ? (BigInt(value as string) as Fen) : value,
    ]),
  )

export function readOrder(subject: Subject, kept: readonly Kept[]): Order | undefined {
  const [first] = kept
  if (first?.kind !== 'uploaded') return undefined
  const bodies = (kind: keyof OrderEntries): Json[] =>
    kept.filter((entry) => entry.kind === kind).map(({ body }) => body)
  const paid = bodies('paid').map((body) => withFen(body) as Paid)
  return {
    ...(withFen(first.body) as OrderMade),
    subject,
    id: subject.name.slice(prefix.length),
    institution: first.institution,
    paid: paid[0],
    refunds: refundsOf(kept),
    revoked: bodies('revoked').length > 0,
  }
}

/** A refund that failed was none, and its number may be used again. */
function refundsOf(kept: readonly Kept[]): Refund[] {
  const refunds = new Map<string, Refund>()
  for (const { kind, body } of kept) {
    const { number } = body as unknown as Refund
    if (kind === 'refunding') refunds.set(number, withFen(body) as Refund)
    if (kind === 'refund-failed') refunds.delete(number)
  }
  return [...refunds.values()]
}

/** The order and its visit among the dossiers of an ask that names both. */
export function orderIn(
  { dossiers }: Pick<Found, 'dossiers'>,
  subject: Subject,
): { order: Order; visit: Visit } | undefined {
  const order = readOrder(subject, keptOf(dossiers, subject))
  if (!order) return undefined
  const visit = visitOf(order, keptOf(dossiers, visitSubject(order.person, order.visit)))
  return visit && { order, visit }
}

const visitOf = ({ person, visit }: Order, kept: readonly Kept[]): Visit | undefined =>
  readVisit(visitSubject(person, visit), kept)

/** An institution's order by its number alone. */
export async function findOrder(
  institution: string,
  id: string,
  dossiers: DossierQueries,
): Promise<{ order: Order; visit: Visit } | undefined> {
  const [index] = await dossiers.read(indexSubject(institution, id))
  if (!index) return undefined
  const subject = orderSubject((index.body as { person: string }).person, id)
  const order = readOrder(subject, await dossiers.read(subject))
  if (!order) return undefined
  const visit = visitOf(order, await dossiers.read(visitSubject(order.person, order.visit)))
  return visit && { order, visit }
}

/** What an order pays by our split: whatever neither cash nor an account paid counts to the fund, the hospital's share too. */
export const componentsOf = ({
  total,
  cash,
  account,
}: Pick<Amounts, 'total' | 'cash' | 'account'>): Components => ({
  total,
  cash,
  account,
  fund: (total - cash - account) as Fen,
})

export const isInForce = ({ paid }: Order, visit: Visit): boolean =>
  paid !== undefined && visit.settlements.get(paid.settlement)?.inForce === true

/** What cash was refunded, by itself or with everything else. */
export const cashRefunded = ({ refunds }: Order): Fen => sum(refunds.map(({ cash }) => cash))

/** The state of an order (订单状态, ordStas): only 3 to 6 carry amounts, 7 to 13 are cancelled. */
export function stateOf(order: Order, visit: Visit): string {
  const { paid, refunds, revoked } = order
  if (revoked) return '12' // 已撤销
  if (!paid) return '0' // 已保存
  const wide = refunds.some(({ type }) => type !== 'CASH')
  const cash = cashRefunded(order)
  if (isInForce(order, visit)) {
    if (wide) return '2' // a refund is under way
    if (cash === zero) return '6' // 结算完成
    return cash === paid.cash ? '9' : '10' // 仅自费全部退款, 仅自费部分退款
  }
  if (!wide) return '13' // 医保已撤销: cancelled another way, as by 2208
  if (refunds.some(({ type }) => type === 'ALL')) return '7' // 已退款
  if (cash === zero) return '8' // 已医保全部退款
  return cash === paid.cash ? '7' : '11' // 医保全部退款自费部分退款
}

export const carriesAmounts = (state: string): boolean => ['3', '4', '5', '6'].includes(state)
