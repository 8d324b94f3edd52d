import { eCardNumber } from '../../engine/eCard.ts'
import type { Payouts } from '../bank/payouts.ts'
import { drawBytes } from '../crypto/drawnBytes.ts'
import { sm3, sm3Hex } from '../crypto/sm3.ts'
import { Complaint } from '../http/complaint.ts'
import type { Desk, Health, NewPerson, Registered, Unmasked } from '../http/needs.ts'
import { viewRules } from '../http/rulesView.ts'
import { maskCardNumber, maskCitizenNumber, maskName } from '../log.ts'
import type { Clearing } from '../clearing/clearing.ts'
import type { Batcher } from '../postgres/batcher.ts'
import { type Claimed, claimCredentials } from '../postgres/claimCredentials.ts'
import { createCrossingQueries } from '../postgres/crossings.ts'
import { createIds } from '../postgres/ids.ts'
import { listEntries } from '../postgres/accountEntries.ts'
import { createLedgerQueries } from '../postgres/ledger.ts'
import { createOpening } from '../postgres/opening.ts'
import { createQueries } from '../postgres/queries.ts'
import { createReaders, type Readers } from '../postgres/readers.ts'
import { createRegister, type Register } from '../postgres/register.ts'
import { createTotals } from '../postgres/totals.ts'
import type { Crossings } from '../region/crossings.ts'
import { accessOf } from './access.ts'
import { agencyDeskOf } from './agencyDesk.ts'
import { callerDeskOf } from './callerDesk.ts'
import { anomalyDeskOf } from './anomalyDesk.ts'
import { evidenceDeskOf } from './evidenceDesk.ts'
import { auditDeskOf } from './auditing.ts'
import { exportDeskOf } from './exportDesk.ts'
import { pinDeskOf } from './pinDesk.ts'
import { cardDeskOf } from './cardDesk.ts'
import { clearingDeskOf } from './clearingDesk.ts'
import { filingDeskOf } from './filingDesk.ts'
import { findDeskOf } from './findDesk.ts'
import { recordDeskOf } from './recordDesk.ts'
import { ruleCasesOf } from './ruleCases.ts'
import { sealDeskOf } from './sealDesk.ts'
import type { World } from './serve.ts'
import { tapDeskOf } from './tapDesk.ts'
import { withFault } from './withFault.ts'

/** What is there before the desk is. */
export interface DeskParts {
  readonly crossings: Crossings
  readonly batcher: Pick<Batcher, 'isBeside'>
  readonly collections?: Desk['collections']
  readonly payouts?: Payouts | undefined
  readonly clearing?: Clearing
}

/** What the REST interface asks for, joined from the process, the books and the rules. */
export function deskOf(
  world: World,
  { crossings, batcher, collections, payouts, clearing }: DeskParts,
): Desk {
  const { pool, crypto, clock, rules, config, keyStore } = world
  const now = () => clock.now()
  const register = createRegister({ pool, crypto, now })
  const queries = createQueries({ pool, crypto })
  const pins = keyStore && pinDeskOf(world, keyStore)
  const enrol = (person: NewPerson) => enter(person, world, now)
  const readers = createReaders({ pool })
  return {
    fingerprint: sm3Hex,
    now,
    submit: (ask, lane) => crossings.submit(ask, lane),
    isBeside: () => batcher.isBeside(),
    preview: (claim) => crossings.preview(claim),
    answered: withFault((institution, key) => queries.answered(institution, key)),
    settlements: {
      chain: withFault((id) => queries.chain(id)),
      list: withFault((filter) => queries.list(filter)),
    },
    movements: { chain: withFault((id) => queries.movement(id)) },
    people: {
      find: withFault((id: string) => find(id, register)),
      unmask: withFault((id: string) => unmask(id, register)),
      counters: withFault((id) => queries.counters(id)),
      accounts: withFault((id) => queries.accounts(id)),
      enrol: config.mode === 'sandbox' ? withFault(enrol) : undefined,
    },
    pins,
    taps: keyStore && tapDeskOf(world, keyStore),
    records: recordDeskOf(world),
    filings: filingDeskOf(world),
    find: findDeskOf(world),
    crossings: crossingDeskOf(world),
    evidence: keyStore && pins && evidenceDeskOf(world, { keyStore, pins, pool: world.verifyPool }),
    collections,
    agency: agencyDeskOf(world, payouts),
    clearing: clearing && clearingDeskOf(world, clearing),
    access: accessOf(world),
    callers: callerDeskOf(world),
    anomalies: anomalyDeskOf(world),
    seal: sealDeskOf(world),
    audit: auditDeskOf(world),
    ledger: ledgerOf(pool, readers),
    totals: withFault((asked) => createTotals(pool, readers).totals(asked)),
    exports: exportDeskOf(world, readers),
    rules: {
      ...viewRules(rules.packs, rules.hashes.whole),
      cases: ruleCasesOf(config.rulesDirectory, rules),
    },
    cards: cardDeskOf(world),
    health: healthOf(pool),
  }
}

function crossingDeskOf({ pool, crypto, clock }: World): Desk['crossings'] {
  const queries = createCrossingQueries({ pool, crypto })
  return {
    list: withFault((asked) => queries.list(asked)),
    counts: withFault(() => queries.counts(clock.now())),
    find: withFault((reference) => queries.find(reference)),
    retry: withFault((reference) => queries.retry(reference, clock.now())),
  }
}

function ledgerOf(pool: World['pool'], readers: Readers): Desk['ledger'] {
  const ledger = createLedgerQueries(pool, readers)
  return {
    accounts: withFault((asked) => ledger.accounts(asked)),
    account: withFault((id, at) => ledger.account(id, at)),
    entries: withFault((asked) => listEntries(pool, asked)),
    transfers: withFault((filter) => ledger.transfers(filter)),
    trialBalance: withFault((at) => ledger.trialBalance(at)),
  }
}

/** Names and numbers are masked here, so that nothing behind this line can show them. */
async function find(id: string, register: Register): Promise<Registered | undefined> {
  const found = await register.findPerson(id)
  if (!found) return undefined
  const cards = await register.cardsOf(id)
  return {
    person: found.person,
    region: found.region,
    maskedName: maskName(found.name),
    maskedCitizenNumber: maskCitizenNumber(found.citizenNumber),
    cards: cards.map(({ number, serial: _serial, owner: _owner, ...card }) => ({
      ...card,
      maskedNumber: maskCardNumber(number),
    })),
  }
}

/** The one way to a name and numbers as they are. */
async function unmask(id: string, register: Register): Promise<Unmasked | undefined> {
  const [found, cards] = await Promise.all([register.findPerson(id), register.cardsOf(id)])
  if (!found) return undefined
  const { name, citizenNumber } = found
  return { name, citizenNumber, cards: cards.map((card) => ({ id: card.id, number: card.number })) }
}

/** Whoever stands in the sandbox keeps their numbers: a bill under a number must not go to another person's account. */
async function enter(
  { card, openingBalance, ...enrolled }: NewPerson,
  { pool, crypto }: World,
  now: () => number,
): Promise<{ created: boolean }> {
  const { id } = enrolled.person
  const { citizenNumber, region } = enrolled
  const claimed: Claimed[] = [{ credential: { type: 'citizen-number', number: citizenNumber } }]
  if (card)
    claimed.push(
      { credential: { type: 'card', number: card.number }, card: card.number },
      { credential: { type: 'e-card', number: eCardNumber(id) }, card: card.number },
    )
  const taken = await claimCredentials({ pool, crypto, now }, claimed, id)
  if (taken) throw new Complaint('identity-taken', { field: fieldOf[taken.type] })
  const register = createRegister({ pool, crypto, now })
  const { created } = await register.putPerson(enrolled)
  if (card) await register.putCard(card)
  if (openingBalance !== undefined)
    await createOpening({ pool, crypto, ids: createIds({ sm3, drawBytes }), now }).open([
      { owner: id, region, amount: openingBalance },
    ])
  return { created }
}

const fieldOf = { 'citizen-number': 'citizenNumber', card: 'card.number', 'e-card': 'id' } as const

/** Health is asked often; an answer is good for a moment, and one question at a time is enough. */
const goodFor_ms = 250

function healthOf(pool: World['pool']): () => Promise<Health> {
  let last: { readonly at: number; readonly health: Promise<Health> } | undefined
  return () => {
    if (last && performance.now() - last.at < goodFor_ms) return last.health
    last = { at: performance.now(), health: askHealth(pool) }
    return last.health
  }
}

async function askHealth(pool: World['pool']): Promise<Health> {
  try {
    const { rows } = await pool.query<{ standby: boolean }>('select pg_is_in_recovery() as standby')
    const reasons = rows[0]?.standby ? ['the database is a standby and takes no writes'] : []
    return { ready: reasons.length === 0, reasons }
  } catch {
    return { ready: false, reasons: ['the database does not answer'] }
  }
}
