import type pg from 'pg'
import type { Card } from '../../engine/card.ts'
import type { Credential } from '../../engine/claim.ts'
import type { Fen } from '../../engine/money.ts'
import type { Person } from '../../engine/person.ts'
import { credentialHash } from './hashes.ts'
import type { Crypto } from './needs.ts'
import { openCard } from './cards.ts'
import { type Enrolled, openIdentity } from './register.ts'
import { readInsured, readInsuredBy, type StoredInsured } from './sql/insured.ts'
import type { Statement } from './transaction.ts'

/** An insured person with everything that the register and the books know of them, unmasked. */
export interface Insured extends Enrolled {
  readonly cards: readonly Card[]
  readonly balance: Fen
}

/** Insured people by number or credential (人员信息获取). */
export interface InsuredQueries {
  byCredential(credential: Pick<Credential, 'type' | 'number'>): Promise<Insured | undefined>
  byId(id: string): Promise<Insured | undefined>
}

export function createInsured({ pool, crypto }: { pool: pg.Pool; crypto: Crypto }): InsuredQueries {
  const ask = async (statement: Statement): Promise<Insured | undefined> => {
    const { rows } = await pool.query<StoredInsured>({
      ...statement,
      values: [...statement.values],
    })
    return open(crypto, rows)
  }
  return {
    byCredential: async (credential) => ask(readInsuredBy(credentialHash(crypto, credential))),
    byId: async (id) => ask(readInsured(id)),
  }
}

function open(crypto: Crypto, rows: readonly StoredInsured[]): Insured | undefined {
  const [first] = rows
  if (!first) return undefined
  // The bank account is for the bank alone: whoever asks here tells others what they read.
  const { bankAccount: _, ...identity } = openIdentity(crypto, first.owner_id, first.identity)
  return {
    ...identity,
    person: first.document as Person,
    region: first.region,
    balance: first.balance_fen as Fen,
    cards: rows.flatMap(({ card_hash, card, card_identity, tries_left, pin_initial }) =>
      card_hash === null
        ? []
        : [
            openCard(crypto, {
              card_hash,
              document: card,
              identity: card_identity,
              tries_left,
              pin_initial,
            }),
          ],
    ),
  }
}
