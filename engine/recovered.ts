import type { DeskCase } from './deskCase.ts'
import { type Dossiers, type Entry, keptOf, type Subject } from './dossier.ts'
import { reread } from './keptJson.ts'
import { add, type Fen, parseYuan, subtract, toYuan, zero } from './money.ts'
import { type Refusal, refuse } from './refusal.ts'

/** What is recovered of one settlement (追回): never more than its funds paid, and it is not undone meanwhile. */
export const recoveredSubject = (owner: string, settlement: string): Subject => ({
  owner,
  name: `recovered ${settlement}`,
})

interface Body {
  readonly by: string
  readonly amount: string
}

const entryOf = (
  subject: Subject,
  kind: 'claimed' | 'released',
  by: string,
  amount: Fen,
): Entry => ({
  subject,
  kind,
  body: { by, amount: toYuan(amount) },
})

/** What cases at the desk claim back of a settlement already. */
export function recoveredOf(dossiers: Dossiers, owner: string, settlement: string): Fen {
  let claimed = zero
  for (const { kind, body } of keptOf(dossiers, recoveredSubject(owner, settlement))) {
    const amount = parseYuan((body as unknown as Body).amount)
    claimed = kind === 'claimed' ? add(claimed, amount) : subtract(claimed, amount)
  }
  return claimed
}

export const claimRecovery = (
  owner: string,
  { settlement, case: by, amount }: { settlement: string; case: string; amount: Fen },
): Entry => entryOf(recoveredSubject(owner, settlement), 'claimed', by, amount)

/** A recovery that is given up before it was opened. */
export function releaseRecovery({ subject, id, form, amount }: DeskCase): Entry {
  const { settlement } = reread(form) as { readonly settlement: string }
  return entryOf(recoveredSubject(subject.owner, settlement), 'released', id, amount)
}

/** Funds that had money back of a settlement would get it twice if that were undone. */
export const refuseRecovered = (
  dossiers: Dossiers,
  owner: string,
  settlement: string,
): Refusal | undefined =>
  recoveredOf(dossiers, owner, settlement) > zero
    ? refuse('recovery-stands', { settlement })
    : undefined
