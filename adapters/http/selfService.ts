import { policyOf } from '../../engine/cardPolicy.ts'
import { subjectKey } from '../../engine/dossier.ts'
import { eCredentialSubject, tokenSubject } from '../../engine/eCard.ts'
import { tokenShown } from '../../engine/eCardHolder.ts'
import { noFacts } from '../../engine/ports.ts'
import { isRefusal } from '../../engine/refusal.ts'
import { Complaint } from './complaint.ts'
import type { EvidenceDesk } from './evidenceNeeds.ts'

/** The person whose token this is, as long as it and what it stands on are good. */
export async function personOf(text: string, evidence: EvidenceDesk, now: number): Promise<string> {
  const token = evidence.tokens.read(text)
  if (!token) throw new Complaint('caller-unknown', { because: 'token-invalid' })
  const { owner } = token
  const subjects = [tokenSubject(token), eCredentialSubject(owner)]
  const [kept, cards] = await Promise.all([
    Promise.all(subjects.map(async (one) => evidence.kept(one))),
    evidence.cardsOf(owner),
  ])
  const dossiers = new Map(subjects.map((one, i) => [subjectKey(one), kept[i] ?? []]))
  const found = { dossiers, facts: { ...noFacts, cards }, now, today: evidence.today() }
  const judged = tokenShown(token, shownHere(evidence, now), found, evidence.books)
  if (isRefusal(judged)) throw new Complaint('caller-unknown', { because: judged.code })
  return owner
}

/** A token for one institution alone is shown to that institution and not to us. */
const shownHere = ({ books }: EvidenceDesk, now: number) =>
  ({
    purpose: 'self-service',
    institution: '',
    now,
    skew_ms: policyOf(books, '').clockSkew_seconds * 1000,
  }) as const
