import { hand } from './approval.ts'
import type { Division } from './claim.ts'
import { type Dossiers, type Entry, type Json, type Kept, keptOf, type Subject } from './dossier.ts'
import type { Instant } from './day.ts'
import { add, type Fen, parseYuan, subtract, toYuan, zero } from './money.ts'
import { agencyOf } from './movement.ts'
import { type Refusal, refuse } from './refusal.ts'

/** What the agency's desk does by two people (经办业务): 手工报销, 补充结算, 追回. */
export const caseKinds = ['reimbursement', 'resettlement', 'recovery'] as const
export type CaseKind = (typeof caseKinds)[number]

/** Where a case stands (办理状态). */
export const caseStates = [
  'entered', // 已录入
  'reviewed', // 已初审, a second approval is due
  'settled', // 已结算, to be paid to the person
  'ordered', // 支付中
  'paid', // 已支付
  'returned', // 银行退回
  'open', // 追回中
  'closed', // 办结
  'refused', // 不予办理
  'withdrawn', // 已撤回
  'superseded', // 已被后续办理取代
] as const
export type CaseState = (typeof caseStates)[number]

/** What somebody may do to a case (办理环节), and the states it is done in. */
export const caseActs = {
  review: ['entered'],
  approval: ['reviewed'],
  refusal: ['entered', 'reviewed'],
  withdrawal: ['entered', 'reviewed'],
  payment: ['settled', 'returned'],
  repayment: ['open'],
  'set-off': ['open'],
  'write-off': ['open'],
  'write-off-approval': ['open'],
  'write-off-refusal': ['open'],
} as const satisfies Record<string, readonly CaseState[]>
/** One of them. */
export type CaseAct = keyof typeof caseActs

/** The kinds of entries a case has, each with its body; amounts are text. */
interface CaseEntries {
  readonly entered: {
    readonly by: string
    readonly form: Json
    /** What decides whether a second approval is due, and whether it is. */
    readonly amount: string
    readonly approval: boolean
  }
  readonly reviewed: { readonly by: string }
  readonly approved: { readonly by: string }
  readonly refused: { readonly by: string; readonly reason: string }
  readonly withdrawn: { readonly by: string; readonly reason: string }
  readonly settled: {
    readonly settlement: string
    /** What the person is still to get. */
    readonly due: string
    readonly undone?: string | undefined
    readonly affected?: readonly string[] | undefined
    readonly overrides?: readonly string[] | undefined
  }
  readonly ordered: { readonly by: string; readonly reference: string; readonly amount: string }
  readonly paid: { readonly reference: string; readonly movement: string }
  readonly returned: { readonly reference: string; readonly reason: string }
  /** Kept back of what the person is to get, for what is recovered from them. */
  readonly keptBack: { readonly amount: string; readonly recovery: string }
  readonly superseded: { readonly case: string }
  readonly opened: { readonly amount: string; readonly movement?: string | undefined }
  readonly repaid: Taken & { readonly reference: string }
  readonly setOff: Taken & { readonly against: string }
  readonly writeOffAsked: {
    readonly by: string
    readonly amount: string
    readonly reason: string
  }
  readonly writeOffRefused: { readonly by: string }
  readonly writtenOff: Taken
}

interface Taken {
  readonly by: string
  readonly amount: string
  readonly movement: string
}

type CaseEntryKind = keyof CaseEntries

/** One thing that was done to a case (办理记录). */
export interface CaseStep {
  readonly kind: string
  readonly at: Instant
  readonly by?: string | undefined
  readonly facts: Readonly<Record<string, Json | undefined>>
}

/** A case at the desk as its entries tell it. */
export interface DeskCase {
  readonly subject: Subject
  readonly kind: CaseKind
  readonly id: string
  readonly region: Division
  readonly form: Json
  readonly amount: Fen
  readonly approval: boolean
  readonly state: CaseState
  /** Who entered, reviewed and approved it: nobody is there twice. */
  readonly hands: readonly string[]
  readonly settlement?: string | undefined
  /** What the person is to get, and what of it was paid or kept back. */
  readonly due: Fen
  readonly paid: Fen
  readonly order?: { readonly reference: string; readonly amount: Fen } | undefined
  /** What is still to be recovered, and whether anything of it came back yet. */
  readonly left: Fen
  readonly touched: boolean
  readonly writeOff?:
    | { readonly by: string; readonly amount: Fen; readonly reason: string }
    | undefined
  readonly steps: readonly CaseStep[]
}

/** How the names of such subjects begin. */
export const casePrefix = 'case '

export const caseSubject = (owner: string, kind: CaseKind, id: string): Subject => ({
  owner,
  name: `${casePrefix}${kind} ${id}`,
})

export const caseEntry = <K extends CaseEntryKind>(
  subject: Subject,
  kind: K,
  body: CaseEntries[K],
  due?: Entry['due'],
): Entry => ({ subject, kind, body: body as unknown as Json, ...(due !== undefined && { due }) })

type Folding = { -readonly [M in keyof DeskCase]: DeskCase[M] }

/** What each kind of entry does to a case. A kind missing here does not compile. */
const effects: { [K in CaseEntryKind]: (of: Folding, body: CaseEntries[K]) => void } = {
  entered(of, { by, form, amount, approval }) {
    Object.assign(of, { form, amount: parseYuan(amount), approval, hands: [by] })
  },
  reviewed(of, { by }) {
    of.hands = [...of.hands, by]
    of.state = 'reviewed'
  },
  approved(of, { by }) {
    of.hands = [...of.hands, by]
  },
  refused: (of) => void (of.state = 'refused'),
  withdrawn: (of) => void (of.state = 'withdrawn'),
  settled(of, { settlement, due }) {
    of.settlement = settlement
    of.due = parseYuan(due)
    of.state = of.due > zero ? 'settled' : 'closed'
  },
  ordered(of, { reference, amount }) {
    of.order = { reference, amount: parseYuan(amount) }
    of.state = 'ordered'
  },
  paid(of) {
    of.paid = add(of.paid, of.order?.amount ?? zero)
    of.state = 'paid'
  },
  returned: (of) => void (of.state = 'returned'),
  keptBack(of, { amount }) {
    of.paid = add(of.paid, parseYuan(amount))
    if (of.paid === of.due) of.state = 'closed'
  },
  superseded: (of) => void (of.state = 'superseded'),
  opened(of, { amount }) {
    of.left = parseYuan(amount)
    of.state = 'open'
  },
  repaid: (of, body) => take(of, body),
  setOff: (of, body) => take(of, body),
  writeOffAsked(of, { by, amount, reason }) {
    of.writeOff = { by, amount: parseYuan(amount), reason }
  },
  writeOffRefused: (of) => void (of.writeOff = undefined),
  writtenOff(of, body) {
    of.writeOff = undefined
    take(of, body)
  },
}

function take(of: Folding, { amount }: Taken): void {
  of.left = subtract(of.left, parseYuan(amount))
  of.touched = true
  if (of.left === zero) of.state = 'closed'
}

/** The case that a dossier tells, or nothing where nobody entered it. */
export function readCase(subject: Subject, kept: readonly Kept[]): DeskCase | undefined {
  const [first] = kept
  if (!first) return undefined
  const [kind = '', id = ''] = subject.name.slice(casePrefix.length).split(' ')
  const folding: Folding = {
    subject,
    kind: kind as CaseKind,
    id,
    region: first.institution.slice(agencyOf('').length),
    form: null,
    amount: zero,
    approval: false,
    state: 'entered',
    hands: [],
    due: zero,
    paid: zero,
    left: zero,
    touched: false,
    steps: kept.map(stepOf),
  }
  for (const { kind: entry, body } of kept)
    (effects[entry as CaseEntryKind] as (of: Folding, body: unknown) => void)(folding, body)
  return folding
}

function stepOf({ kind, body, at }: Kept): CaseStep {
  const { by, form: _form, ...facts } = body as Record<string, Json | undefined>
  return { kind, at, ...(typeof by === 'string' && { by }), facts }
}

export const keptCase = (dossiers: Dossiers, subject: Subject): DeskCase | undefined =>
  readCase(subject, keptOf(dossiers, subject))

const isAmong = (by: string, hands: readonly string[]): boolean =>
  hands.some((one) => hand(one) === hand(by))

/** Who asks for an act, for which region's agency, and to what. */
export interface ActAsked {
  readonly act: CaseAct
  readonly by: string
  readonly region: Division
}

/** Acts that need somebody who has not had a hand in the case yet (双人复核). */
const needsAnother: ReadonlySet<CaseAct> = new Set(['review', 'approval', 'refusal', 'payment'])

/** May this be done to the case now, and by this person? */
export function caseFor(found: DeskCase | undefined, asked: ActAsked): DeskCase | Refusal {
  const { act, by, region } = asked
  if (!found || found.region !== region) return refuse('case-unknown')
  const { id, state, hands, writeOff } = found
  if (!(caseActs[act] as readonly CaseState[]).includes(state))
    return refuse('case-state-forbids', { case: id, caseState: state, act })
  if (needsAnother.has(act) && isAmong(by, hands))
    return refuse('second-person-needed', { case: id, act })
  if (act === 'write-off-approval' || act === 'write-off-refusal') {
    if (!writeOff) return refuse('case-state-forbids', { case: id, caseState: state, act })
    if (isAmong(by, [writeOff.by])) return refuse('second-person-needed', { case: id, act })
  }
  return found
}

/** What the desk is told of an act: where the case stands now. */
export const caseResult = (
  { id, kind }: Pick<DeskCase, 'id' | 'kind'>,
  state: CaseState,
  more: Readonly<Record<string, Json | undefined>> = {},
): Json => ({ case: id, kind, state, ...more })

/** A case that is given up: it says why, and nothing of it comes back. */
export const endedEntry = (
  of: DeskCase,
  kind: 'refused' | 'withdrawn',
  by: string,
  reason: string,
): Entry => caseEntry(of.subject, kind, { by, reason })

/** What somebody enters: the first entry of a case. */
export function enteredEntry(
  subject: Subject,
  entered: { by: string; form: Json; amount: Fen; approval: boolean },
): Entry {
  return caseEntry(subject, 'entered', { ...entered, amount: toYuan(entered.amount) })
}
