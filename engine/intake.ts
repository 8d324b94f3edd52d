import { type Claim, type Credential, mostLines, type Stay } from './claim.ts'
import type { Day } from './day.ts'
import { isCardNumber, isCardSerial, isCitizenNumber } from './identity.ts'
import { extend, sum, toYuan } from './money.ts'
import { type Refusal, refuse } from './refusal.ts'

/** What can be wrong with a claim by itself, before anybody is looked up. Such a claim stores nothing. */
export function checkClaim(claim: Claim, today: Day): Refusal | undefined {
  return (
    checkCredential(claim.credential) ??
    checkLines(claim) ??
    checkDays(claim, today) ??
    (claim.stay && checkStay(claim.stay, claim.day))
  )
}

function checkCredential({ type, number, cardSn }: Credential): Refusal | undefined {
  const bad = (field: string): Refusal => refuse('credential-invalid', { type, field })
  if (type === 'citizen-number' && !isCitizenNumber(number)) return bad('number')
  if (type === 'card' && !isCardNumber(number)) return bad('number')
  if (type === 'card' && cardSn !== undefined && !isCardSerial(cardSn)) return bad('cardSn')
  return undefined
}

function checkLines({ lines, total }: Claim): Refusal | undefined {
  if (lines.length > mostLines)
    return refuse('lines-too-many', { lines: lines.length, most: mostLines })
  const seen = new Set<string>()
  for (const { id } of lines) {
    if (seen.has(id)) return refuse('line-repeated', { line: id })
    seen.add(id)
  }
  for (const line of lines) {
    const amount = extend(line.unitPrice, line.quantity, 'halfUp')
    if (amount !== line.amount)
      return refuse('line-amount-wrong', {
        line: line.id,
        amount: toYuan(line.amount),
        priceTimesQuantity: toYuan(amount),
      })
  }
  const added = sum(lines.map((line) => line.amount))
  if (added !== total)
    return refuse('total-mismatch', { total: toYuan(total), lines: toYuan(added) })
  return undefined
}

function checkDays({ day, lines }: Claim, today: Day): Refusal | undefined {
  if (day > today) return refuse('day-in-future', { day, today })
  const late = lines.find((line) => line.at !== undefined && line.at > day)
  return late && refuse('day-in-future', { line: late.id, day: late.at as Day, today: day })
}

function checkStay({ admission, discharge }: Stay, day: Day): Refusal | undefined {
  if (admission > discharge || discharge > day)
    return refuse('stay-invalid', { admission, discharge, day })
  return undefined
}
