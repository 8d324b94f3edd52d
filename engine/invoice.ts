import {
  type Dossiers,
  type Entry,
  type Kept,
  keptOf,
  MoreNeeded,
  type Subject,
  subjectKey,
} from './dossier.ts'
import { type Refusal, refuse } from './refusal.ts'

/** An invoice (发票, 医疗收费票据): its number is its issuer's own, and is paid for once for ever. */
export interface Invoice {
  /** Who issued it: the institution where that is designated, else the code printed on it (票据代码). */
  readonly issuer: string
  readonly number: string
}

/** Nobody waits for another invoice of the same hospital: of two who bring one, the version lets one commit. */
export const invoiceSubject = ({ issuer, number }: Invoice): Subject => ({
  owner: `invoice:${issuer}`,
  name: `number ${number}`,
  unlocked: true,
})

/** Who stands on an invoice: a paper bill at the desk, and settlements in force whose sender told it (invono). */
interface Standing {
  readonly case?: string | undefined
  readonly settlements: ReadonlySet<string>
}

function standingOf(kept: readonly Kept[]): Standing {
  let claimed: string | undefined
  const settlements = new Set<string>()
  for (const { kind, body } of kept) {
    const { by } = body as { readonly by: string }
    if (kind === 'claimed') claimed = by
    if (kind === 'released') claimed = undefined
    if (kind === 'billed') settlements.add(by)
    if (kind === 'unbilled') settlements.delete(by)
  }
  return { case: claimed, settlements }
}

const entryOf = (invoice: Invoice, kind: string, by: string): Entry => ({
  subject: invoiceSubject(invoice),
  kind,
  body: { by },
})

const used = ({ issuer, number }: Invoice, by: string): Refusal =>
  refuse('invoice-already-used', { issuer, number, by })

/** A paper bill takes its invoices: none that another bill was paid for, on paper or directly. */
export function claimInvoices(
  dossiers: Dossiers,
  invoices: readonly Invoice[],
  by: string,
): Entry[] | Refusal {
  for (const invoice of invoices) {
    const { case: other, settlements } = standingOf(keptOf(dossiers, invoiceSubject(invoice)))
    const [settlement] = settlements
    const standing = other ?? settlement
    if (standing !== undefined) return used(invoice, standing)
  }
  return invoices.map((invoice) => entryOf(invoice, 'claimed', by))
}

/** What was refused or withdrawn before it was paid lets go of its invoices. */
export const releaseInvoices = (invoices: readonly Invoice[], by: string): Entry[] =>
  invoices.map((invoice) => entryOf(invoice, 'released', by))

/** A direct settlement whose sender tells its invoice: none that was reimbursed on paper. Several may share one. */
export function billInvoice(
  dossiers: Dossiers,
  invoice: Invoice | undefined,
  settlement: string | undefined,
): Entry[] | Refusal {
  if (!invoice) return []
  const { case: paper } = standingOf(keptOf(dossiers, invoiceSubject(invoice)))
  if (paper !== undefined) return used(invoice, paper)
  return settlement === undefined ? [] : [entryOf(invoice, 'billed', settlement)]
}

/** A settlement that is undone lets go of its invoice, and one that is restored takes it again if it may. */
export function turnInvoice(
  dossiers: Dossiers,
  invoice: Invoice | undefined,
  { settlement, inForce }: { readonly settlement: string; readonly inForce: boolean },
): Entry[] | Refusal {
  if (!invoice) return []
  const subject = invoiceSubject(invoice)
  if (!dossiers.has(subjectKey(subject))) throw new MoreNeeded([subject])
  return inForce
    ? billInvoice(dossiers, invoice, settlement)
    : [entryOf(invoice, 'unbilled', settlement)]
}
