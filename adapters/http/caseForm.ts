import type { Classification, FeeLine } from '../../engine/claim.ts'
import type { Institution } from '../../engine/institution.ts'
import type { Invoice } from '../../engine/invoice.ts'
import { nothing, parseRatio, parseYuan, whole } from '../../engine/money.ts'
import { unlisted } from '../../engine/paperBill.ts'
import type { RecoveryForm } from '../../engine/recovery.ts'
import type { PaperForm } from '../../engine/reimbursement.ts'
import type { ResettlementForm } from '../../engine/resettlement.ts'
import type { About } from '../../engine/visit.ts'
import type { AgencyDesk } from './agencyNeeds.ts'
import type {
  PaperInstitution,
  RecoveryBody,
  ReimbursementBody,
  ResettlementBody,
} from './caseSchema.ts'
import { readClaim, readLine } from './claim.ts'
import { Complaint } from './complaint.ts'

/** Every catalogue: what the desk says of an item counts for whichever fund pays. */
const everyCatalogue = ['medical', 'workInjury', 'maternity'] as const

const missing = (field: string): Complaint =>
  new Complaint('field-invalid', { field, in: 'body', expected: 'to be given' })

/** Where it was: as the register has it, else as the paper says, all of it. */
export async function readInstitution(
  desk: Pick<AgencyDesk, 'institution'>,
  given: PaperInstitution,
): Promise<Institution> {
  const { code, name, level, division, type = 'hospital' } = given
  const registered = code === undefined ? undefined : await desk.institution(code)
  if (registered) return registered
  if (name === undefined) throw missing('/institution/name')
  if (level === undefined) throw missing('/institution/level')
  if (division === undefined) throw missing('/institution/division')
  const cardEvidence = 'reader-trusted'
  return { code: code ?? unlisted, name, type, level, division, cardEvidence, agreements: [] }
}

/** A paper bill as its form says; `id` is the case that it begins. */
export async function readPaper(
  desk: Pick<AgencyDesk, 'institution'>,
  body: ReimbursementBody,
  id: string,
): Promise<PaperForm> {
  const institution = await readInstitution(desk, body.institution)
  const { region, reason, note } = body
  const { province } = body.institution
  const { credential: _, ...claim } = readClaim({
    ...body,
    institution: institution.code,
    credential: { type: 'citizen-number', number: '' },
  })
  return {
    claim: {
      ...claim,
      lines: body.lines.map(readPaperLine),
      paper: { case: id, region, reason, institution, province },
    },
    invoices: readInvoices(body, institution),
    note,
  }
}

function readPaperLine(line: ReimbursementBody['lines'][number]): FeeLine {
  const { class: found, ...plain } = line
  return found ? { ...readLine(plain), classification: classAsFound(found) } : readLine(plain)
}

function classAsFound(
  found: NonNullable<ReimbursementBody['lines'][number]['class']>,
): Classification {
  const { firstSelfPayRate: rate, name, kind, reason } = found
  const usual = found.class === 'C' ? whole : nothing
  return {
    class: found.class,
    name,
    kind,
    firstSelfPayRate: rate === undefined ? usual : parseRatio(rate),
    funds: everyCatalogue,
    source: `by the desk 经办认定: ${reason}`,
  }
}

function readInvoices({ invoices }: ReimbursementBody, { code }: Institution): Invoice[] {
  const usual = code === unlisted ? undefined : code
  const read = invoices.map(({ issuer = usual, number }, i) => {
    if (issuer === undefined) throw missing(`/invoices/${i}/issuer`)
    return invoiceOf(issuer, number)
  })
  const twice = read.findIndex((one, i) =>
    read.slice(0, i).some((other) => other.issuer === one.issuer && other.number === one.number),
  )
  if (twice < 0) return read
  const expected = 'given once'
  throw new Complaint('field-invalid', { field: `/invoices/${twice}/number`, in: 'body', expected })
}

/** However it is spelt, it is one invoice. */
const invoiceOf = (issuer: string, number: string): Invoice => ({
  issuer: issuer.toUpperCase(),
  number: number.toUpperCase(),
})

/** What is different about a settlement, with its institution as it is known. */
export function readResettlement(
  body: ResettlementBody,
  settlement: string,
  institution: Institution,
): ResettlementForm {
  const { cause, note, useAccount, lines } = body
  return {
    settlement,
    cause,
    note,
    about: aboutOf(body),
    useAccount,
    institution,
    lines: lines?.map(readLine),
  }
}

function aboutOf(body: ResettlementBody): About {
  const { scheme, care, disease, emergency, injury, externalInjury, maternity, prescription } = body
  const said: { readonly [M in keyof About]: About[M] | undefined } = {
    scheme,
    care,
    disease,
    emergency,
    injury: injury && { ...injury, recurrence: injury.recurrence ?? false },
    externalInjury,
    maternity: maternity && { ...maternity, fetuses: maternity.fetuses ?? 1 },
    prescription: prescription && {
      number: prescription.number,
      circulating: prescription.circulating ?? false,
    },
  }
  return Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined))
}

export function readRecovery(body: RecoveryBody): RecoveryForm {
  const { settlement, debtor, reason, note, amount } = body
  if ((debtor.kind === 'employer') !== (debtor.employer !== undefined))
    throw debtor.kind === 'employer'
      ? missing('/debtor/employer')
      : new Complaint('field-invalid', {
          field: '/debtor/employer',
          in: 'body',
          expected: 'no such field',
        })
  const employer = debtor.employer !== undefined && { employer: debtor.employer.toUpperCase() }
  return {
    settlement,
    debtor: { kind: debtor.kind, ...employer },
    reason,
    note,
    amount: parseYuan(amount),
  }
}
