import type pg from 'pg'
import type { Card, NewCard } from '../../engine/card.ts'
import type { Credential, Division } from '../../engine/claim.ts'
import type { Instant } from '../../engine/day.ts'
import type { Institution } from '../../engine/institution.ts'
import type { Person } from '../../engine/person.ts'
import type { Region } from '../../engine/route.ts'
import { cardColumns, cardTables, openCard } from './cards.ts'
import { type PinVerifier, putCard } from './putCard.ts'
import { canonicalJson } from './document.ts'
import { cardHash, credentialHash, nameHashes } from './hashes.ts'
import type { Crypto, Sealed } from './needs.ts'

/** What only the register knows of a person; the engine never sees it. */
export interface Identity {
  readonly name: string
  readonly citizenNumber: string
  /** 民族 by its two digits (naty), and 单位名称 (emp_name). */
  readonly ethnicGroup?: string | undefined
  readonly employer?: string | undefined
  /** 社保卡银行账户: for the bank alone. */
  readonly bankAccount?: string | undefined
}

export interface Enrolled extends Identity {
  readonly person: Person
  readonly region: Division
}

/** The register of people, cards, institutions and regions. */
export interface Register {
  putRegion(region: Region): Promise<void>
  putInstitution(institution: Institution): Promise<void>
  /** Records a person as they are now; a state that is already recorded is not recorded again. */
  putPerson(enrolled: Enrolled): Promise<{ readonly created: boolean }>
  /** Records a card as it is now; `verifier` is what its PIN is checked by, where it has one. */
  putCard(card: NewCard, verifier?: PinVerifier): Promise<void>
  /** Says whose a credential is. `card` is the card that an e-card derives from. */
  putCredential(credential: Credential, owner: string, card: string | undefined): Promise<void>
  findPerson(id: string): Promise<Enrolled | undefined>
  cardsOf(owner: string): Promise<readonly Card[]>
  institutions(): Promise<readonly Institution[]>
  regions(): Promise<readonly Region[]>
}

export interface RegisterOptions {
  readonly pool: pg.Pool
  readonly crypto: Crypto
  readonly now: () => Instant
}

const place = (what: string, id: string | Buffer): Buffer =>
  Buffer.concat([Buffer.from(`${what}\0`), Buffer.from(id as string)])

/** What a person is called: encrypted, and readable only in its own place. */
export const openIdentity = ({ cipher }: Crypto, person: string, sealed: Buffer): Identity =>
  JSON.parse(cipher.decrypt(sealed, place('person', person)).toString('utf8'))

export const sealIdentity = ({ cipher }: Crypto, person: string, identity: Identity): Sealed =>
  cipher.encrypt(Buffer.from(canonicalJson(identity)), place('person', person))

export function createRegister({ pool, crypto, now }: RegisterOptions): Register {
  const { cipher } = crypto
  return {
    putRegion: async (region) => putReference(pool, 'region', 'division', region.division, region),
    putInstitution: async (institution) =>
      putReference(pool, 'institution', 'code', institution.code, institution),
    putPerson: async (enrolled) => putPerson(pool, crypto, enrolled, now()),
    putCard: async (card, verifier) => putCard(pool, crypto, card, verifier, now()),
    async putCredential(credential, owner, card) {
      const hash = credentialHash(crypto, credential)
      await pool.query(
        `insert into credential (number_hash, kind, owner_id, card_hash, recorded_at)
         values ($1, $2, $3, $4, $5)
         on conflict (number_hash) do update set owner_id = excluded.owner_id, card_hash = excluded.card_hash
         where (credential.owner_id, credential.card_hash)
           is distinct from (excluded.owner_id, excluded.card_hash)`,
        [
          hash,
          credential.type,
          owner,
          card === undefined ? null : cardHash(crypto, card),
          new Date(now()),
        ],
      )
    },
    async findPerson(id) {
      const { rows } = await pool.query('select * from person where owner_id = $1', [id])
      if (!rows[0]) return undefined
      const identity = cipher.decrypt(rows[0].identity, place('person', id)).toString('utf8')
      return { person: rows[0].document, region: rows[0].region, ...JSON.parse(identity) }
    },
    async cardsOf(owner) {
      const { rows } = await pool.query(
        `select ${cardColumns} from ${cardTables} where c.owner_id = $1 order by c.card_hash`,
        [owner],
      )
      return rows.map((row) => openCard(crypto, row))
    },
    async institutions() {
      return (await pool.query('select document from institution order by code')).rows.map(
        documentOf,
      )
    },
    async regions() {
      return (await pool.query('select document from region order by division')).rows.map(
        documentOf,
      )
    },
  }
}

// oxlint-disable-next-line typescript/no-explicit-any
const documentOf = (row: { document: any }): any => row.document

async function putReference(
  pool: pg.Pool,
  table: 'region' | 'institution',
  key: 'division' | 'code',
  id: string,
  document: object,
): Promise<void> {
  await pool.query(
    `insert into ${table} (${key}, document) values ($1, $2)
     on conflict (${key}) do update set document = excluded.document
     where ${table}.document is distinct from excluded.document`,
    [id, document],
  )
}

/** Every state goes to the history in the statement that makes it the present one. */
const recordPerson = `
  with present as (
    insert into person (owner_id, version, region, document, identity, key_version, recorded_at, family_hash, name_hash)
    values ($1, 1, $2, $3, $4, $5, $6, $7, $8)
    on conflict (owner_id) do update
      set version = person.version + 1, region = excluded.region, document = excluded.document,
          identity = excluded.identity, key_version = excluded.key_version, recorded_at = excluded.recorded_at,
          family_hash = excluded.family_hash, name_hash = excluded.name_hash
    returning *
  )
  insert into person_version (owner_id, version, region, document, identity, key_version, recorded_at)
  select owner_id, version, region, document, identity, key_version, recorded_at from present
  returning version`

async function putPerson(
  pool: pg.Pool,
  crypto: Crypto,
  { person, region, name, citizenNumber, ethnicGroup, employer, bankAccount }: Enrolled,
  at: Instant,
): Promise<{ created: boolean }> {
  const { cipher } = crypto
  const aad = place('person', person.id)
  const identity = canonicalJson({ name, citizenNumber, ethnicGroup, employer, bankAccount })
  const { rows } = await pool.query(
    'select region, identity, document = $2::jsonb as same from person where owner_id = $1',
    [person.id, person],
  )
  const [known] = rows
  const unchanged =
    known?.same === true &&
    known.region === region &&
    cipher.decrypt(known.identity, aad).toString('utf8') === identity
  if (unchanged) return { created: false }
  const sealed = cipher.encrypt(Buffer.from(identity), aad)
  const { family, whole } = nameHashes(crypto, name)
  const { bytes, keyVersion } = sealed
  const values = [person.id, region, person, bytes, keyVersion, new Date(at), family, whole]
  const recorded = await pool.query(recordPerson, values)
  return { created: recorded.rows[0]?.version === 1n }
}
