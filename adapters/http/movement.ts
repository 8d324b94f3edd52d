import { parseDay } from '../../engine/day.ts'
import { mirror } from '../../engine/ledger.ts'
import { parseYuan, toYuan, zero } from '../../engine/money.ts'
import {
  type BenefitKind,
  type Movement,
  type MovementRow,
  postMovement,
} from '../../engine/movement.ts'
import { Complaint } from './complaint.ts'
import { writeInstant } from './instant.ts'
import type { MovementAnswer, MovementBody, MovementDetail } from './movementSchema.ts'

/** What is paid of a scheme's funds and never of money that others entrusted. */
const insured: readonly (BenefitKind | undefined)[] = [
  'pension',
  'unemployment',
  'maternityAllowance',
  'workInjury',
]

/** Reads a body that fits its schema as the movement it is; what its kind has no place for is refused by name. */
export function readMovement(body: MovementBody): Movement {
  checkFields(body)
  const { kind, region, person, scheme, benefit, month, reference } = body
  const total = parseYuan(body.total)
  return {
    kind,
    region,
    person,
    scheme,
    benefit,
    month,
    day: parseDay(body.day),
    reference,
    total,
    paid: parts(body.paid),
    funds: parts(body.funds),
    account: kind === 'credit' ? total : parseYuan(body.account ?? '0'),
  }
}

/** A part of nothing is none. */
const parts = <P extends { readonly amount: string }>(given: readonly P[] = []) =>
  given
    .map((part) => ({ ...part, amount: parseYuan(part.amount) }))
    .filter(({ amount }) => amount > zero)

type Field = 'scheme' | 'benefit' | 'paid' | 'funds' | 'account'

function checkFields(body: MovementBody): void {
  const { kind, scheme, benefit } = body
  const entrusted = kind === 'benefit' && scheme === undefined && !insured.includes(benefit)
  const due: Record<MovementBody['kind'], readonly Field[]> = {
    contribution: ['scheme', 'paid'],
    credit: ['scheme', 'funds'],
    benefit: entrusted ? ['benefit'] : ['benefit', 'scheme', 'funds'],
  }
  const allowed = kind === 'contribution' ? [...due[kind], 'funds', 'account'] : due[kind]
  for (const field of ['scheme', 'benefit', 'paid', 'funds', 'account'] as const) {
    const given = body[field] !== undefined
    if (given && !allowed.includes(field)) throw complaint(field, 'no such field')
    if (!given && due[kind].includes(field)) throw complaint(field, 'to be given')
  }
}

const complaint = (field: Field, expected: string): Complaint =>
  new Complaint('field-invalid', { field: `/${field}`, in: 'body', expected })

const writeRow = (row: MovementRow): MovementAnswer['row'] => ({
  id: row.id,
  sequence: row.sequence,
  kind: row.kind,
  ...(row.undoes !== undefined && { undoes: row.undoes }),
  postedAt: writeInstant(row.postedAt),
})

/** The answer to a movement: the same bytes today and at every replay, whatever became of it since. */
export function writeMovement(row: MovementRow): MovementAnswer {
  const { content: c } = row
  const booked = postMovement(c)
  const legs = row.kind === 'movement' ? booked : mirror(booked)
  return {
    id: row.movement,
    state: row.kind === 'movement' ? 'booked' : 'cancelled',
    row: writeRow(row),
    kind: c.kind,
    region: c.region,
    person: c.person,
    ...(c.scheme !== undefined && { scheme: c.scheme }),
    ...(c.benefit !== undefined && { benefit: c.benefit }),
    month: c.month,
    day: c.day,
    reference: c.reference,
    total: toYuan(c.total),
    paid: c.paid.map(({ payer, amount }) => ({ payer, amount: toYuan(amount) })),
    funds: c.funds.map(({ fund, amount }) => ({ fund, amount: toYuan(amount) })),
    account: toYuan(c.account),
    ...(c.accountBalance !== undefined && { accountBalance: toYuan(c.accountBalance) }),
    ...(c.settlement !== undefined && { settlement: c.settlement }),
    ...(c.institution !== undefined && { institution: c.institution }),
    transfers: legs.map(({ debit, credit, amount }) => ({ debit, credit, amount: toYuan(amount) })),
  }
}

/** A movement as it stands now, with every row of it. */
export const writeMovementDetail = (rows: readonly MovementRow[]): MovementDetail => ({
  ...writeMovement(rows.at(-1) as MovementRow),
  rows: rows.map(writeRow),
})
