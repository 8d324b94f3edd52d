import { bookCryptoOf } from '../../../adapters/crypto/bookCrypto.ts'
import type pg from 'pg'
import { readDataKeys } from '../../../adapters/crypto/dataKey.ts'
import { drawBytes } from '../../../adapters/crypto/drawnBytes.ts'
import { sm3, sm3Hex } from '../../../adapters/crypto/sm3.ts'
import { createBooks } from '../../../adapters/postgres/books.ts'
import { canonicalJson } from '../../../adapters/postgres/document.ts'
import { createIds } from '../../../adapters/postgres/ids.ts'
import type { Crypto } from '../../../adapters/postgres/needs.ts'
import { createOpening } from '../../../adapters/postgres/opening.ts'
import { createPool } from '../../../adapters/postgres/pool.ts'
import { createRegister } from '../../../adapters/postgres/register.ts'
import type { Claim, FeeLine } from '../../../engine/claim.ts'
import { parseDay } from '../../../engine/day.ts'
import type { Institution } from '../../../engine/institution.ts'
import type { Fen } from '../../../engine/money.ts'
import type { Person } from '../../../engine/person.ts'
import type { Books } from '../../../engine/books.ts'
import type { Ask } from '../../../engine/ports.ts'
import { createTestDatabase, type TestDatabase } from '../../support/database.ts'

export const day = parseDay('2026-03-02')
export const start_ms = Date.parse('2026-03-02T09:00:00+08:00')

export const crypto: Crypto = bookCryptoOf(readDataKeys({ file: undefined, mode: 'sandbox' }))
export const ids = createIds({ sm3, drawBytes })

/** A clock that goes on by a millisecond each time it is asked. */
export function steppingClock(): { now: () => number; today: () => typeof day } {
  let at = start_ms
  return { now: () => at++, today: () => day }
}

export interface World {
  readonly database: TestDatabase
  readonly pool: pg.Pool
  readonly clock: ReturnType<typeof steppingClock>
  readonly books: Books
  readonly register: ReturnType<typeof createRegister>
  readonly opening: ReturnType<typeof createOpening>
  close(): Promise<void>
}

export interface WorldOptions {
  readonly clock?: ReturnType<typeof steppingClock>
  readonly locks?: boolean
  readonly max?: number
}

export async function openWorld({
  locks = true,
  max = 12,
  clock = steppingClock(),
}: WorldOptions = {}): Promise<World> {
  const database = await createTestDatabase()
  const pool = createPool({ url: database.appUrl, max, applicationName: 'test', onError: () => {} })
  // The storms below queue for connections on purpose.
  pool.options.connectionTimeoutMillis = 20_000
  const books = createBooks({ pool, crypto, clock, locks })
  const register = createRegister({ pool, crypto, now: clock.now })
  const opening = createOpening({ pool, crypto, ids, now: clock.now })
  for (const code of ['H1', 'H2']) await register.putInstitution(institution(code))
  return {
    database,
    pool,
    clock,
    books,
    register,
    opening,
    close: async () => {
      await pool.end()
      await database.drop()
    },
  }
}

const institution = (code: string): Institution => ({
  code,
  name: '演示医院',
  type: 'hospital',
  level: 'tertiary',
  division: '510100',
  cardEvidence: 'reader-trusted',
  agreements: [{ kind: 'outpatient', from: parseDay('2020-01-01') }],
})

export const person = (id: string, family: readonly string[] = []): Person => ({
  id,
  birth: parseDay('1986-03-12'),
  sex: 'male',
  coverages: [
    { scheme: 'employee', region: '510100', group: 'working', from: parseDay('2020-01-01') },
  ],
  civilServant: false,
  identities: [],
  benefits: [],
  diseases: [],
  filings: [],
  injuries: [],
  maternity: [],
  familyShares: family.map((owner) => ({
    owner,
    relation: 'parent',
    from: parseDay('2025-01-01'),
  })),
})

/** Enters a person whose citizen number is their id, with an account. */
export async function enrol(
  world: World,
  id: string,
  { balance = 0n, family = [] }: { balance?: bigint; family?: readonly string[] } = {},
): Promise<void> {
  const { register, opening } = world
  await register.putPerson({
    person: person(id, family),
    name: '演示',
    citizenNumber: id,
    region: '510100',
  })
  await register.putCredential({ type: 'citizen-number', number: id }, id, undefined)
  if (balance > 0n) await opening.open([{ owner: id, region: '510100', amount: balance as Fen }])
}

export interface ClaimWords {
  readonly amount?: bigint
  readonly visit?: string
  readonly line?: string
  readonly item?: string
  readonly institution?: string
  readonly family?: boolean
  readonly day?: string
}

export function claim(number: string, words: ClaimWords = {}): Claim {
  const {
    amount = 10_000n,
    visit,
    line = '1',
    item = 'X1',
    institution = 'H1',
    family = false,
  } = words
  const feeLine: FeeLine = {
    id: line,
    item,
    quantity: 10_000n as FeeLine['quantity'],
    unitPrice: (amount * 10_000n) as FeeLine['unitPrice'],
    amount: amount as Fen,
  }
  return {
    institution,
    day: parseDay(words.day ?? day),
    credential: { type: 'citizen-number', number },
    care: 'outpatient',
    visit,
    useAccount: true,
    useFamilyAccount: family,
    emergency: false,
    total: amount as Fen,
    lines: [feeLine],
  }
}

export function settleAsk(key: string, asked: Claim): Extract<Ask, { kind: 'settle' }> {
  const input = canonicalJson(asked)
  const { institution } = asked
  return {
    kind: 'settle',
    key: { institution, key, fingerprint: sm3Hex(input), input },
    claim: asked,
  }
}

export function cancelAsk(key: string, settlement: string, institution = 'H1'): Ask {
  const input = canonicalJson({ settlement })
  return {
    kind: 'cancel',
    key: { institution, key, fingerprint: sm3Hex(input), input },
    settlement,
    institution,
  }
}
