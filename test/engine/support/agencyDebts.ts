import { askedOf, moveAsk } from '../../../adapters/http/caseAsk.ts'
import type { DeskCase } from '../../../engine/deskCase.ts'
import type { Subject } from '../../../engine/dossier.ts'
import type { Fen } from '../../../engine/money.ts'
import type { Ask } from '../../../engine/ports.ts'
import {
  askWriteOff,
  enterRepayment,
  enterSetOff,
  enterWriteOff,
  fundsWrittenOff,
  refuseWriteOff,
} from '../../../engine/recovery.ts'
import { type Agency, agencyName, stepOf } from './agency.ts'

export function repaymentOf(at: Agency, of: DeskCase, by: string, amount: Fen): Ask {
  const step = stepOf(at, of, 'repayment', by)
  const reference = at.agency.newId('')
  return moveAsk(at.agency, step, 'repayment', {
    amount,
    reference,
    enter: (found, movement) =>
      enterRepayment(found, { ...askedOf(step), amount, movement, reference }),
  })
}

export function setOffOf(at: Agency, of: DeskCase, by: string, amount: Fen, against: Subject): Ask {
  const step = stepOf(at, of, 'set-off', by)
  return moveAsk(at.agency, step, 'setOff', {
    amount,
    reference: at.agency.newId(''),
    subjects: [against],
    enter: (found, movement) =>
      enterSetOff(found, { ...askedOf(step), amount, movement, against }, at.world),
  })
}

export function writeOffOf(at: Agency, of: DeskCase, by: string, amount: Fen): Ask {
  const step = stepOf(at, of, 'write-off', by)
  return {
    kind: 'enter',
    key: step.key,
    institution: agencyName,
    owner: of.subject.owner,
    subjects: [of.subject],
    enter: (found) => askWriteOff(found, { ...askedOf(step), amount, reason: 'because' }),
  }
}

export function writeOffEnd(at: Agency, of: DeskCase, by: string, approved: boolean): Ask {
  const step = stepOf(at, of, approved ? 'write-off-approval' : 'write-off-refusal', by)
  if (!approved)
    return {
      kind: 'enter',
      key: step.key,
      institution: agencyName,
      owner: of.subject.owner,
      subjects: [of.subject],
      enter: (found) => refuseWriteOff(found, askedOf(step)),
    }
  const amount = of.writeOff?.amount ?? (0n as Fen)
  return moveAsk(at.agency, step, 'writeOff', {
    amount,
    funds: fundsWrittenOff(of),
    reference: at.agency.newId(''),
    enter: (found, movement) => enterWriteOff(found, { ...askedOf(step), amount, movement }),
  })
}
