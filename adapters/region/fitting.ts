import {
  type RegionAsk,
  RegionFault,
  type RegionReply,
  type ToldSplit,
} from '../../engine/awayClaim.ts'
import { type Fen, sum } from '../../engine/money.ts'
import { assert, Bug } from '../../engine/refusal.ts'
import type { ScopedClaim } from '../../engine/scoped.ts'
import { assertIdentities } from '../../engine/settlement.ts'

/** What may be answered to each question. */
const fitting: Readonly<Record<RegionAsk['kind'], readonly RegionReply['kind'][]>> = {
  identify: ['identified', 'refused'],
  preview: ['previewed', 'refused'],
  settle: ['settled', 'refused', 'open'],
  query: ['settled', 'cancelled', 'reversed', 'refused', 'absent', 'open'],
  cancel: ['cancelled', 'refused', 'open'],
  reverse: ['reversed', 'refused', 'open'],
  statement: ['statement', 'refused'],
}

/** Throws where an answer, though well signed, is none to this question, or its amounts do not add up (不可信应答). */
export function checkFit(asked: RegionAsk, reply: RegionReply): void {
  if (!fitting[asked.kind].includes(reply.kind))
    throw bad(`"${reply.kind}" is no answer to "${asked.kind}"`)
  if (reply.kind === 'settled' && reply.undone === true && asked.kind !== 'query')
    throw bad('what was settled just now is not undone')
  if ('split' in reply && 'claim' in asked) checkSplit(reply.split, asked.claim.scoped)
  if (reply.kind === 'statement' && asked.kind === 'statement' && reply.rows.length > asked.limit)
    throw bad(`more than ${asked.limit} rows`)
}

/** The home region may decide who pays; what the bill is and what its lines are, the care region has decided. */
function checkSplit(split: ToldSplit, { lines }: ScopedClaim): void {
  // What the account had before is the home region's to know, so that this identity holds of itself.
  const before = (split.accountBalance + split.account - split.familyAccount) as Fen
  try {
    assertIdentities({ ...split, lines }, before)
    for (const part of ['selfPaid', 'overLimit'] as const)
      assert(
        split[part] === sum(lines.map((line) => line[part])),
        `${part} is not that of the lines`,
      )
  } catch (error) {
    if (!(error instanceof Bug)) throw error
    throw bad(`the amounts do not add up: ${error.message}`)
  }
}

const bad = (message: string): RegionFault => new RegionFault('bad-answer', message)
