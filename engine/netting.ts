import type { Division } from './claim.ts'

/** What one region owes another (应付); below nothing it is the other that owes. */
export interface Obligation {
  readonly debtor: Division
  readonly creditor: Division
  readonly amount: bigint
}

/** What is to be paid by one region to another (付款通知书); always above nothing. */
export type PaymentOrder = Obligation

/** What each region is to get of all others (轧差净额): below nothing it is to pay. All of them together are nothing. */
export function positionsOf(obligations: readonly Obligation[]): Map<Division, bigint> {
  const positions = new Map<Division, bigint>()
  const change = (region: Division, by: bigint): void =>
    void positions.set(region, (positions.get(region) ?? 0n) + by)
  for (const { debtor, creditor, amount } of obligations) {
    change(debtor, -amount)
    change(creditor, amount)
  }
  return positions
}

/** Nets each two regions by themselves (双边轧差): at most one payment between them is left. */
export function netBilaterally(obligations: readonly Obligation[]): PaymentOrder[] {
  const pairs = Map.groupBy(obligations, ({ debtor, creditor }) =>
    [debtor, creditor].toSorted().join(' '),
  )
  return [...pairs]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, pair]) => paymentOrders(positionsOf(pair)))
}

/** Nets all regions at once (多边轧差). */
export const netMultilaterally = (obligations: readonly Obligation[]): PaymentOrder[] =>
  paymentOrders(positionsOf(obligations))

interface Open {
  readonly region: Division
  left: bigint
}

/**
 * Who pays whom: the largest debtor to the largest creditor until nothing is open, so that there are fewer payments than
 * regions. Where two are alike the smaller code comes first: the same positions always give the same orders.
 */
export function paymentOrders(positions: ReadonlyMap<Division, bigint>): PaymentOrder[] {
  const open = (sign: bigint): Open[] =>
    [...positions]
      .map(([region, amount]) => ({ region, left: sign * amount }))
      .filter(({ left }) => left > 0n)
      .toSorted((a, b) =>
        a.left === b.left ? (a.region < b.region ? -1 : 1) : a.left > b.left ? -1 : 1,
      )
  const [debtors, creditors] = [open(-1n), open(1n)]
  const orders: PaymentOrder[] = []
  for (let d = 0, c = 0; d < debtors.length && c < creditors.length; ) {
    const [debtor, creditor] = [debtors[d] as Open, creditors[c] as Open]
    const amount = debtor.left < creditor.left ? debtor.left : creditor.left
    orders.push({ debtor: debtor.region, creditor: creditor.region, amount })
    debtor.left -= amount
    creditor.left -= amount
    if (debtor.left === 0n) d += 1
    if (creditor.left === 0n) c += 1
  }
  return orders
}
