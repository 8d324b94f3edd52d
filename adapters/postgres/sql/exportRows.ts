/** Which transfers, by their accounts, their rows and their owners; rows between two ids. */
export interface TransfersAsked {
  readonly account?: string | undefined
  readonly settlement?: string | undefined
  readonly owner?: string | undefined
  readonly from?: string | undefined
  readonly before?: string | undefined
}

const conditions: Readonly<Record<keyof TransfersAsked, string>> = {
  account: '? in (t.debit_account, t.credit_account)',
  settlement: `t.posting_id in (
    select id from settlement where settlement_id = ?
    union all select id from movement where movement_id = ?
    union all select id from clearing_posting where id = ?)`,
  owner: 't.owner_id = ?',
  from: 't.posting_id >= ?',
  before: 't.posting_id < ?',
}

/** Transfers in the order of their key, so that nothing need be sorted before the first of them. */
export function transfersInOrder(asked: TransfersAsked): {
  readonly text: string
  readonly values: readonly string[]
} {
  const values: string[] = []
  const given = Object.entries(conditions).flatMap(([name, condition]) => {
    const value = asked[name as keyof TransfersAsked]
    if (value === undefined) return []
    return [condition.replaceAll('?', `$${values.push(value)}`)]
  })
  return {
    text: `
  select (select position from journal j where j.posting_id = t.posting_id) as position, t.posting_id,
         coalesce((select settlement_id from settlement s where s.id = t.posting_id limit 1),
                  (select movement_id from movement m where m.owner_id = t.owner_id and m.id = t.posting_id),
                  t.posting_id) as settlement_id,
         t.owner_id, t.leg, t.kind, t.debit_account, t.credit_account, t.amount_fen
  from transfer t where ${['true', ...given].join(' and ')}
  order by t.posting_id, t.owner_id, t.leg`,
    values,
  }
}
