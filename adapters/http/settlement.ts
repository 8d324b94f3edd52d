import { type Fen, toYuan } from '../../engine/money.ts'
import type { Row, RowKind } from '../../engine/ports.ts'
import {
  type AmountName,
  amountNames,
  type Citation,
  type DeskMade,
  type Settlement,
  type Share,
  type Step,
} from '../../engine/settlement.ts'
import { writeInstant } from './instant.ts'
import type { SettlementState, SettlementSummary } from './needs.ts'
import { sorted } from './problem.ts'
import type {
  CancellationAnswer,
  PreviewAnswer,
  ReversalAnswer,
  SettlementAnswer,
  SettlementDetail,
} from './settlementSchema.ts'

/** What must stand beside everything that an invented layer pays. */
export const illustrativeNote = '示例，非现行政策'

const marked = (is: true | undefined): { illustrative?: true; note?: string } =>
  is ? { illustrative: true, note: illustrativeNote } : {}

/** The engine's amounts are fen; outside they are yuan as text. */
export function writePreview(s: Settlement): PreviewAnswer {
  return { state: 'preview', ...writeSplit(s) }
}

/** The answer to a settlement: the same bytes today and at every replay, whatever became of it since. */
export function writeSettlement(row: Row): SettlementAnswer {
  return {
    id: row.settlement,
    state: 'settled',
    postedAt: writeInstant(row.postedAt),
    ...writeSplit(row.content),
  }
}

/** A settlement as it stands now: the amounts of its last effective row and the whole chain. */
export function writeDetail(rows: readonly Row[]): SettlementDetail {
  const head = rows.at(-1) as Row
  const effective = rows.findLast((row) => stateOf(row.kind) === 'settled') ?? head
  return {
    ...writeSettlement(effective),
    state: stateOf(head.kind),
    rows: rows.map(writeRow),
  }
}

export function writeCancellation(row: Row, affected: readonly string[]): CancellationAnswer {
  const { content } = row
  return {
    id: row.settlement,
    state: stateOf(row.kind),
    row: writeRow(row),
    total: toYuan(content.total),
    fundTotal: toYuan(content.fundTotal),
    account: toYuan(content.account),
    cash: toYuan(content.cash),
    accountBalance: toYuan(content.accountBalance),
    affected: [...affected],
  }
}

/** What a reversal came to; where nothing had happened there is nothing to show but that. */
export function writeReversal(row: Row | undefined): ReversalAnswer {
  return row ? { happened: true, ...writeCancellation(row, []) } : { happened: false }
}

export const writeSummary = (s: SettlementSummary) => ({
  ...s,
  total: toYuan(s.total),
  fundTotal: toYuan(s.fundTotal),
  personTotal: toYuan(s.personTotal),
  account: toYuan(s.account),
  cash: toYuan(s.cash),
  postedAt: writeInstant(s.postedAt),
})

export const stateOf = (kind: RowKind): SettlementState =>
  kind === 'cancellation' ? 'cancelled' : kind === 'reversal' ? 'reversed' : 'settled'

const writeRow = (row: Row): SettlementDetail['rows'][number] => ({
  id: row.id,
  sequence: row.sequence,
  kind: row.kind,
  ...(row.undoes !== undefined && { undoes: row.undoes }),
  postedAt: writeInstant(row.postedAt),
})

function writeSplit(s: Settlement): Omit<PreviewAnswer, 'state'> {
  return {
    day: s.day,
    person: s.person,
    institution: s.institution,
    region: s.homeRegion,
    careRegion: s.careRegion,
    homeRegion: s.homeRegion,
    route: s.route,
    scheme: s.scheme,
    care: s.care,
    ...(s.visit !== undefined && { visit: s.visit }),
    ...(s.stay && { stay: { ...s.stay } }),
    ...(s.disease !== undefined && { disease: s.disease }),
    ...writeAmounts(s),
    ...(s.receivable !== undefined && { receivable: toYuan(s.receivable) }),
    ...(s.advanced !== undefined && { advanced: toYuan(s.advanced) }),
    ...(s.desk && { desk: writeDesk(s.desk) }),
    shares: s.shares.map(writeShare),
    warnings: s.warnings.map((w) => ({ code: w.code, facts: sorted(w.facts) })),
    rulePack: s.packHash,
    rules: s.rules.map(({ id, pack, from }) => ({ id, pack, from })),
    ...(s.crossRegion && { crossRegion: writeCrossRegion(s.crossRegion) }),
    lines: s.lines.map(writeLine),
    trace: s.trace.map(writeStep),
  }
}

const writeDesk = ({ kind, case: id, reason, issuer, replaces }: DeskMade) => ({
  kind,
  case: id,
  reason,
  ...(issuer !== undefined && { issuer }),
  ...(replaces && { replaces: replaces.settlement }),
})

const writeLine = (line: Settlement['lines'][number]): PreviewAnswer['lines'][number] => ({
  id: line.id,
  item: line.item,
  day: line.day,
  amount: toYuan(line.amount),
  class: line.class,
  ...(line.name !== undefined && { name: line.name }),
  ...(line.kind !== undefined && { kind: line.kind }),
  selfPaid: toYuan(line.selfPaid),
  overLimit: toYuan(line.overLimit),
  firstSelfPay: toYuan(line.firstSelfPay),
  inScope: toYuan(line.inScope),
  ...(line.source !== undefined && { source: line.source }),
})

const writeAmounts = (s: Record<AmountName, Fen>): Record<AmountName, string> =>
  Object.fromEntries(amountNames.map((name) => [name, toYuan(s[name])])) as Record<
    AmountName,
    string
  >

const writeShare = (share: Share) => ({
  fund: share.fund,
  amount: toYuan(share.amount),
  ...marked(share.illustrative),
})

function writeCrossRegion(
  c: NonNullable<Settlement['crossRegion']>,
): NonNullable<PreviewAnswer['crossRegion']> {
  return {
    reason: c.reason,
    place: c.place,
    ...(c.coefficient !== undefined && { coefficient: c.coefficient }),
    ...(c.points !== undefined && { points: c.points }),
    ...(c.firstPayRate !== undefined && { firstPayRate: c.firstPayRate }),
    firstPay: toYuan(c.firstPay),
    citation: writeCitation(c.citation),
  }
}

function writeStep(step: Step): PreviewAnswer['trace'][number] {
  const { deductible, fixed } = step
  return {
    layer: step.layer,
    name: { zh: step.name.zh, en: step.name.en },
    payer: step.payer,
    rule: step.rule,
    base: step.base.map(({ part, amount }) => ({ part, amount: toYuan(amount) })),
    baseTotal: toYuan(step.baseTotal),
    ...(deductible && {
      deductible: {
        mode: deductible.mode,
        standard: toYuan(deductible.standard),
        usedBefore: toYuan(deductible.usedBefore),
        taken: toYuan(deductible.taken),
        accumulator: deductible.accumulator,
        ...(deductible.because && { because: [...deductible.because] }),
        citation: deductible.citation,
      },
    }),
    ...(fixed && {
      fixed: { amount: toYuan(fixed.amount), usedBefore: toYuan(fixed.usedBefore) },
    }),
    rates: step.rates.map((r) => ({
      from: toYuan(r.from),
      to: toYuan(r.to),
      rate: r.rate,
      because: [...r.because],
      paid: toYuan(r.paid),
    })),
    caps: step.caps.map(writeCap),
    ...(step.aboveCap !== undefined && { aboveCap: toYuan(step.aboveCap) }),
    paid: toYuan(step.paid),
    accumulators: step.accumulators.map((a) => ({
      name: a.name,
      before: toYuan(a.before),
      after: toYuan(a.after),
    })),
    citation: writeCitation(step.citation),
    ...marked(step.illustrative),
  }
}

const writeCap = (cap: Step['caps'][number]) => ({
  per: cap.per,
  counts: cap.counts,
  limit: toYuan(cap.limit),
  usedBefore: toYuan(cap.usedBefore),
  cut: toYuan(cap.cut),
  ...(cap.accumulator !== undefined && { accumulator: cap.accumulator }),
  citation: cap.citation,
})

const writeCitation = (c: Citation) => ({
  id: c.id,
  title: c.title,
  ...(c.document !== undefined && { document: c.document }),
  ...(c.article !== undefined && { article: c.article }),
  ...(c.link !== undefined && { link: c.link }),
  grade: c.grade,
  confirmed: c.confirmed,
})
