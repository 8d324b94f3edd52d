import type { Claim, FeeLine } from '../../engine/claim.ts'
import type { Day } from '../../engine/day.ts'
import { sum } from '../../engine/money.ts'
import type { Visit, VisitLine } from '../../engine/visit.ts'

/** The claim that lines of a visit would make if they were settled on a day. */
export function draftOf(visit: Visit, lines: readonly VisitLine[], settled: Day): Claim {
  const { about, institution, credential, id, day, discharged, kind } = visit
  const feeLines: FeeLine[] = lines.map(({ line }) => line)
  const stays = kind === 'inpatient'
  return {
    ...about,
    institution,
    credential,
    visit: id,
    care: about.care ?? (stays ? 'inpatient' : 'outpatient'),
    day: stays ? settled : feeLines.reduce((latest, { at = day }) => laterOf(latest, at), day),
    stay: stays
      ? { admission: day, discharge: discharged?.day ?? settled, interim: false }
      : undefined,
    useAccount: false,
    useFamilyAccount: false,
    emergency: about.emergency ?? false,
    total: sum(feeLines.map(({ amount }) => amount)),
    lines: feeLines,
  }
}

const laterOf = (a: Day, b: Day): Day => (a > b ? a : b)
