import type { Claim } from '../../engine/claim.ts'
import { type Fen, least, most, ratio, share, toYuan, zero } from '../../engine/money.ts'
import type { Preview } from '../../engine/ports.ts'
import type { Rulebook } from '../../engine/rulebook.ts'
import { isRefusal, type Refusal } from '../../engine/refusal.ts'
import { scope } from '../../engine/scope.ts'
import type { ScopedLine } from '../../engine/scoped.ts'
import type { CapStep, Citation, Settlement, Step } from '../../engine/settlement.ts'
import type { Institution } from '../../engine/institution.ts'
import type { World } from './needs.ts'

/** Something that a check of the engine found in a bill before it is settled (违规信息): by which rule, and where that stands. */
export interface Finding {
  readonly rule: string
  readonly name: string
  readonly content: string
  /** 1 明确违规 is refused when settled, 2 高度可疑 costs the person, 3 轻度可疑 is to be known. */
  readonly severity: '1' | '2' | '3'
  readonly amount: Fen
  readonly evidence?: string | undefined
  readonly lines: readonly { readonly line: string; readonly amount: Fen }[]
}

/** What the engine's own checks find: the decision itself, its lines, its caps, and bills like it. */
export function findingsOf(
  claim: Claim,
  preview: Preview,
  at: { care: Rulebook; institution: Institution; world: Pick<World, 'explain'> },
): Finding[] {
  if (preview.kind === 'refused')
    return [
      refusedFinding(preview.refusal, claim, at.world),
      ...lineFindings(scopedApart(claim, at), claim, at.care),
    ]
  const { settlement } = preview
  return [
    ...lineFindings(settlement.lines, claim, at.care),
    ...sameBills(settlement),
    ...settlement.trace.flatMap((step) =>
      step.caps.flatMap((cap, i) => capFinding(step, cap, i, settlement)),
    ),
  ]
}

const refusedFinding = (
  refusal: Refusal,
  { lines }: Claim,
  world: Pick<World, 'explain'>,
): Finding => {
  const line = lines.find(({ id }) => id === refusal.facts['line'])
  return {
    rule: refusal.code,
    name: '结算将被拒绝',
    content: world.explain(refusal),
    severity: '1',
    amount: line?.amount ?? zero,
    lines: line ? [{ line: line.id, amount: line.amount }] : [],
  }
}

/** The lines of a bill that cannot be settled as it is, classified as any other bill's would be. */
function scopedApart(
  claim: Claim,
  { care, institution }: { care: Rulebook; institution: Institution },
): readonly ScopedLine[] {
  const plain: Claim = { ...claim, care: 'outpatient', disease: undefined }
  const scoped = scope(plain, institution, {
    region: care.region.division,
    policy: { catalogue: 'medical', firstSelfPay: 'apply', priceLimit: 'apply', rates: [] },
    dates: { catalogue: 'line' },
    item: care.item,
    cite: care.cite,
  })
  return isRefusal(scoped) ? [] : scoped.lines
}

const lineFindings = (
  lines: readonly ScopedLine[],
  claim: Claim,
  { item, cite }: Rulebook,
): Finding[] =>
  lines.flatMap((line) => {
    const about = `${line.name ?? line.item}（明细${line.id}）`
    const of = (rule: string, name: string, told: string, part: Fen): Finding => ({
      rule,
      name,
      content: `${about}${told}`,
      severity: part > 0n ? '2' : '3',
      amount: part,
      evidence: line.source,
      lines: [{ line: line.id, amount: part }],
    })
    const entry = item(line.item, line.day)
    const found: Finding[] = []
    if (line.overLimit > 0n)
      found.push(
        of(
          'price-limit',
          '超限价',
          `超过限价，超出${toYuan(line.overLimit)}元由个人负担。`,
          line.overLimit,
        ),
      )
    if (!entry)
      found.push(of('not-in-catalogue', '目录外项目', '不在医保目录内，全额自费。', line.selfPaid))
    else if (line.class === 'C')
      found.push(of('class-c', '丙类项目', '为丙类，全额自费。', line.selfPaid))
    else if (line.selfPaid > 0n)
      found.push(
        of('not-of-fund', '非本险种目录', '不属于本险种基金支付范围，全额自费。', line.selfPaid),
      )
    if (entry?.prescriptionOnly && !claim.prescription)
      found.push({
        ...of('prescription-only', '限制使用药品', '为处方药，须凭处方使用。', zero),
        evidence: cite(entry.source),
      })
    return found
  })

const sameBills = ({ warnings, total }: Settlement): Finding[] =>
  warnings
    .filter(({ code }) => code === 'same-bill-settled')
    .map(({ code, facts }) => ({
      rule: code,
      name: '疑似重复收费',
      content: `同一人员当日在本机构已结算过项目与金额完全相同的费用，结算ID：${[facts['settlements']].flat().join('、')}。`,
      severity: '2' as const,
      amount: total,
      lines: [],
    }))

/** [J] A limit of which nine tenths are used is nearly used up. */
const nearly = ratio(9n, 10n)

function capFinding(step: Step, cap: CapStep, index: number, settlement: Settlement): Finding[] {
  const used = least(
    cap.limit,
    (cap.usedBefore + (cap.counts === 'paid' ? step.paid : step.baseTotal)) as Fen,
  )
  const reached = cap.cut > 0n || used === cap.limit
  if (!reached && used < share(cap.limit, nearly, 'down')) return []
  const rule = settlement.rules[0]?.id ?? step.rule
  const left = toYuan(most(zero, (cap.limit - used) as Fen))
  return [
    {
      rule: `${rule}/${step.layer}/cap-${index + 1}`.slice(-50),
      name: reached ? '限额已用完' : '限额即将用完',
      content: `${step.name.zh}的${periods[cap.per]}限额${toYuan(cap.limit)}元，此前已用${toYuan(cap.usedBefore)}元，本次后剩余${left}元，本次超出${toYuan(cap.cut)}元。`,
      severity: cap.cut > 0n ? '2' : '3',
      amount: cap.cut,
      evidence: cited(step.citation),
      lines: [],
    },
  ]
}

const periods: Readonly<Record<CapStep['per'], string>> = {
  visit: '每次',
  day: '每日',
  month: '每月',
  quarter: '每季度',
  year: '年度',
  eligibility: '待遇期',
  lifetime: '终身',
}

const cited = ({ title, document, article }: Citation): string =>
  [title, document, article].filter((part) => part !== undefined).join(' ')
