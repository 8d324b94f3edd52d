import type { Entry } from './dossier.ts'
import type { Found } from './ports.ts'
import { isRefusal, type Refusal, refuse } from './refusal.ts'
import { refuseService } from './scope.ts'
import type { Visit, VisitLine } from './visit.ts'
import { addLines } from './visiting.ts'

/**
 * Charges fee lines to a visit (费用明细上传 2204, 2301, and those of a sale 2102): nothing is charged for a day to come or
 * after the discharge, and a pharmacy charges for goods alone.
 */
export function chargeLines(
  visit: Visit,
  lines: readonly VisitLine[],
  { facts: { institution }, today }: Pick<Found, 'facts' | 'today'>,
): Entry | Refusal {
  const entry = addLines(visit, lines)
  if (isRefusal(entry)) return entry
  const latest = visit.discharged?.day ?? today
  const late = lines.find(({ line: { at } }) => at !== undefined && at > latest)
  if (late) return refuse('line-too-late', { line: late.line.id, day: late.line.at ?? '', latest })
  for (const { line } of lines) {
    const refusal = refuseService(line, visit.about.care, institution)
    if (refusal) return refusal
  }
  return entry
}
