import { sealCard } from '../../adapters/postgres/cards.ts'
import { credentialHash, nameHashes } from '../../adapters/postgres/hashes.ts'
import type { Crypto, Sealed } from '../../adapters/postgres/needs.ts'
import { sealIdentity } from '../../adapters/postgres/register.ts'
import { insertInto, moment } from '../../adapters/postgres/sql/inserts.ts'
import type { Statement } from '../../adapters/postgres/transaction.ts'
import type { NewCard } from '../../engine/card.ts'
import { usualCardPolicy } from '../../engine/cardPolicy.ts'
import { parseDay } from '../../engine/day.ts'
import { type Citizen, personOf } from './people.ts'

/** What the register keeps of a citizen, made once and written to several tables. */
export interface Rows {
  readonly owner: string
  readonly region: string
  readonly document: string
  readonly identity: Sealed
  readonly names: ReturnType<typeof nameHashes>
  readonly card: { readonly hash: Buffer; readonly state: object; readonly sealed: Sealed }
  readonly byNumber: Buffer
  readonly byCard: Buffer
}

export function rowsOf(crypto: Crypto, citizen: Citizen): Rows {
  const { id, home, citizenNumber, card } = citizen
  const name = '演示'
  return {
    owner: id,
    region: home,
    document: JSON.stringify(personOf(citizen)),
    identity: sealIdentity(crypto, id, { name, citizenNumber }),
    names: nameHashes(crypto, name),
    card: sealCard(crypto, cardOf(citizen)),
    byNumber: credentialHash(crypto, { type: 'citizen-number', number: citizenNumber }),
    byCard: credentialHash(crypto, { type: 'card', number: card.number }),
  }
}

/** In use, with the PIN that it was handed over with. */
export const cardOf = ({ id, home, card }: Citizen): NewCard => ({
  ...card,
  owner: id,
  version: '3.00',
  life: 'active',
  loss: { kind: 'none' },
  pin: 'initial',
  issued: parseDay('2021-05-01'),
  expires: parseDay('2031-05-01'),
  photo: true,
  managedIn: home,
})

type At<T> = T & { readonly at: number }

const owner = { name: 'owner_id', type: 'text', of: (r: { owner: string }) => r.owner } as const
const version = { name: 'version', type: 'bigint', of: () => 1n } as const
const recorded = {
  name: 'recorded_at',
  type: 'float8',
  of: (r: { at: number }) => r.at,
  as: moment('recorded_at'),
} as const

const state = [
  owner,
  version,
  { name: 'region', type: 'text', of: (r: At<Rows>) => r.region },
  { name: 'document', type: 'jsonb', of: (r: At<Rows>) => r.document },
  { name: 'identity', type: 'bytea', of: (r: At<Rows>) => r.identity.bytes },
  { name: 'key_version', type: 'int', of: (r: At<Rows>) => r.identity.keyVersion },
  recorded,
] as const

const insertStates = [
  insertInto<At<Rows>>('person', [
    ...state,
    { name: 'family_hash', type: 'bytea', of: (r) => r.names.family },
    { name: 'name_hash', type: 'bytea', of: (r) => r.names.whole },
  ]),
  insertInto<At<Rows>>('person_version', state),
]

const cardHash = { name: 'card_hash', type: 'bytea', of: (r: Rows) => r.card.hash } as const
const cardState = {
  name: 'document',
  type: 'jsonb',
  of: (r: Rows) => JSON.stringify(r.card.state),
} as const

const insertCards = insertInto<At<Rows>>('card', [
  owner,
  cardHash,
  version,
  cardState,
  { name: 'identity', type: 'bytea', of: (r) => r.card.sealed.bytes },
  { name: 'key_version', type: 'int', of: (r) => r.card.sealed.keyVersion },
  recorded,
])
const insertCardVersions = insertInto<At<Rows>>('card_version', [
  owner,
  cardHash,
  version,
  cardState,
  recorded,
])

const tries = usualCardPolicy.pinTries
const insertPins = insertInto<At<Rows>>('card_pin', [
  owner,
  cardHash,
  { name: 'initial', type: 'boolean', of: () => true },
  { name: 'tries', type: 'int', of: () => tries },
  { name: 'tries_left', type: 'int', of: () => tries },
  { name: 'changed_at', type: 'float8', of: (r) => r.at, as: moment('changed_at') },
])

interface CredentialRow {
  readonly owner: string
  readonly hash: Buffer
  readonly kind: string
  readonly card: Buffer | null
}

const insertCredentials = insertInto<At<CredentialRow>>('credential', [
  { name: 'number_hash', type: 'bytea', of: (r) => r.hash },
  { name: 'kind', type: 'text', of: (r) => r.kind },
  owner,
  { name: 'card_hash', type: 'bytea', of: (r) => r.card },
  recorded,
])

/** One statement a table for many people. */
export function statementsFor(rows: readonly Rows[], at: number): Statement[] {
  const states = rows.map((row) => ({ ...row, at }))
  const credentials = states.flatMap(({ owner: of, byNumber, byCard, card }) => [
    { owner: of, hash: byNumber, kind: 'citizen-number', card: null, at },
    { owner: of, hash: byCard, kind: 'card', card: card.hash, at },
  ])
  return [
    ...insertStates.map((insert) => insert(states)),
    insertCards(states),
    insertCardVersions(states),
    insertPins(states),
    insertCredentials(credentials),
  ]
}
