import { chargeLines } from '../../engine/charging.ts'
import { classifyLines } from '../../engine/classify.ts'
import type { Entered, Found } from '../../engine/ports.ts'
import { isRefusal, type Refusal, refuse } from '../../engine/refusal.ts'
import { type Visit, type VisitLine, visitSubject } from '../../engine/visit.ts'
import { findVisit } from '../../engine/visiting.ts'
import { draftOf } from './draft.ts'
import {
  keepLineResults,
  keptLineResults,
  lineResultOf,
  lineResultTable,
  type outpatientLineTable,
  type stayLineTable,
  visitLineOf,
} from './feedetail.ts'
import { many } from './field.ts'
import { tell } from './tell.ts'
import { type Call, transaction } from './transaction.ts'

/** Uploads fee lines (费用明细上传 2204, 2301); how each will be split is told by the settlement's own functions. */
export const lineUpload = <T extends typeof outpatientLineTable | typeof stayLineTable>(
  infno: string,
  name: { zh: string; en: string },
  table: T,
  kind: Visit['kind'],
) =>
  transaction({
    infno,
    name,
    input: { feedetail: many(table) },
    output: { result: many(lineResultTable) },
    writes: true,
    async handle({ feedetail }, call) {
      const uploaded = feedetail as unknown as readonly Uploaded[]
      const wrong = refuseMixed(uploaded)
      if (wrong !== undefined) return { refused: wrong }
      const [{ psn_no, mdtrt_id }] = uploaded as readonly [Uploaded]
      const { key, institution, submit, world } = call
      const outcome = await submit({
        kind: 'enter',
        key,
        institution: institution.code,
        owner: psn_no,
        subjects: [visitSubject(psn_no, mdtrt_id)],
        enter: (found) => enterLines(found, uploaded, kind, call),
      })
      return tell(outcome, 'entered', world, ({ result }) => ({
        output: { result: keptLineResults(result) },
      }))
    },
  })

type Uploaded = Parameters<typeof visitLineOf>[0] & {
  readonly psn_no: string
  readonly mdtrt_id: string
}

/** One message is of one visit, and one batch of one disease. */
function refuseMixed(lines: readonly Uploaded[]): string | undefined {
  const [first] = lines
  if (!first) return '费用明细（feedetail）没有内容'
  if (lines.some((line) => line.psn_no !== first.psn_no || line.mdtrt_id !== first.mdtrt_id))
    return '一次只能上传同一人员（psn_no）同一就诊（mdtrt_id）的费用明细'
  const diseases = new Map<string, string>()
  for (const { chrg_bchno = '', dise_codg = '' } of lines) {
    const before = diseases.get(chrg_bchno) ?? dise_codg
    if (before !== dise_codg) return `同一收费批次号${chrg_bchno}的病种编码（dise_codg）必须一致`
    diseases.set(chrg_bchno, before)
  }
  return undefined
}

function enterLines(
  found: Found,
  uploaded: readonly Uploaded[],
  kind: Visit['kind'],
  { institution, world }: Call,
): Entered | Refusal {
  const [{ psn_no, mdtrt_id }] = uploaded as readonly [Uploaded]
  const visit = findVisit(found, visitSubject(psn_no, mdtrt_id), institution.code)
  if (isRefusal(visit)) return visit
  if (visit.kind !== kind) return refuse('visit-unknown', { visit: mdtrt_id })
  const lines = uploaded.map(visitLineOf)
  const entry = chargeLines(visit, lines, found)
  if (isRefusal(entry)) return entry
  const split = classifyLines(draftOf(visit, lines, found.today), found.facts, world.deciding())
  if (isRefusal(split)) return split
  const results = split.map((each, i) => lineResultOf((lines[i] as VisitLine).line, each))
  return { entries: [entry], result: keepLineResults(results) }
}
