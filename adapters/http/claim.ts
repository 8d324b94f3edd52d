import type { Claim, FeeLine } from '../../engine/claim.ts'
import { type Day, parseDay } from '../../engine/day.ts'
import { parseQuantity, parseUnitPrice, parseYuan } from '../../engine/money.ts'
import type { ClaimBody } from './claimSchema.ts'

/** Reads a body that fits its schema as the claim it is; every default of the interface is given here. */
export function readClaim(body: ClaimBody): Claim {
  const { credential, stay, injury, maternity, prescription } = body
  return {
    institution: body.institution,
    day: parseDay(body.day),
    credential,
    insuredIn: body.insuredIn,
    scheme: body.scheme,
    care: body.care,
    visit: body.visit,
    stay: stay && {
      admission: parseDay(stay.admission),
      discharge: parseDay(stay.discharge),
      interim: stay.interim ?? false,
    },
    useAccount: body.useAccount ?? false,
    useFamilyAccount: body.familyAccount ?? false,
    injury: injury && { ...injury, recurrence: injury.recurrence ?? false },
    externalInjury: body.externalInjury,
    maternity: maternity && { ...maternity, fetuses: maternity.fetuses ?? 1 },
    disease: body.disease,
    emergency: body.emergency ?? false,
    prescription: prescription && {
      number: prescription.number,
      circulating: prescription.circulating ?? false,
    },
    terminal: body.terminal,
    total: parseYuan(body.total),
    lines: body.lines.map(readLine),
  }
}

export const readLine = (line: ClaimBody['lines'][number]): FeeLine => ({
  id: line.id,
  item: line.item,
  // A line carries a day only: the hour of a fee never decides a rule.
  at: line.at as Day | undefined,
  quantity: parseQuantity(line.quantity),
  unitPrice: parseUnitPrice(line.unitPrice),
  amount: parseYuan(line.amount),
})
