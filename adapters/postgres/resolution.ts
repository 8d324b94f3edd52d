import type { Claim } from '../../engine/claim.ts'
import type { Subject } from '../../engine/dossier.ts'
import type { Token } from '../../engine/eCard.ts'
import { type Institution, isOfficeOwner } from '../../engine/institution.ts'
import type { Ask, BillAsk, EnterAsk, Previewed, ReverseAsk } from '../../engine/ports.ts'
import { assert } from '../../engine/refusal.ts'
import type { ResettleAsk } from '../../engine/resettlementAsks.ts'
import { undoSubjects } from '../../engine/undoEntries.ts'
import { subjectsOfClaim } from '../../engine/whole.ts'
import { cardIdOf } from './cards.ts'
import { keyHash } from './hashes.ts'
import { partyOfMovement } from './movements.ts'
import type { Crypto } from './needs.ts'
import { type Found, hashOf, hex, Lookup } from './lookup.ts'
import type { ResolvedCredential, ResolvedOriginal, StoredBinding } from './sql/resolve.ts'
import { beginning, beginningToRead, type Statement, type Transaction } from './transaction.ts'

/** One ask with what had to be known of it before anybody could be locked. */
export interface Resolved {
  readonly ask: Ask
  readonly keyHash: Buffer
  readonly party: Party
  stored: StoredBinding | undefined
  /** For a reversal: the key of the request it is about, and what stands under it. */
  readonly originalHash: Buffer | undefined
  storedOriginal: StoredBinding | undefined
}

/** Who a claim is for, or whose settlement is to be undone. */
export interface Party {
  readonly institution: Institution | undefined
  readonly owner: string | undefined
  readonly card: Buffer | undefined
  /** Which version the person was, and the e-card that led to the card, when they were looked for: both may change until they are locked. */
  readonly version?: bigint | undefined
  readonly eCard?: Buffer | undefined
  /** The owners of accounts that may be drawn on, or that were. */
  readonly others: readonly string[]
  /** The settlement that is to be undone, where one is known. */
  readonly settlement?: string | undefined
  /** What the ask names, and the visit of a claim or of the settlement that is to be undone. */
  readonly subjects: readonly Subject[]
}

/**
 * Every statement of a claim finds its rows by an index, whatever the values: it is planned once a connection, and never
 * for the empty tables of the first day.
 */
const planOnce: Statement = {
  name: 'plan-once',
  text: `
    select set_config('plan_cache_mode', 'force_generic_plan', true), set_config('enable_seqscan', 'off', true),
           set_config('jit', 'off', true)`,
  values: [],
}

/** Finds the parties of asks: the first round trip of a transaction. */
export async function resolveAsks(
  crypto: Crypto,
  transaction: Transaction,
  asks: readonly Ask[],
): Promise<Resolved[]> {
  const lookup = new Lookup(crypto)
  for (const ask of asks) addTo(lookup, ask)
  const found = await lookup.read(transaction, [beginning, planOnce])
  const resolved = asks.map((ask) => ({
    ask,
    keyHash: keyHash(crypto, ask.key),
    party: withAlso(ask, partyOfAsk(crypto, ask, found)),
    stored: undefined,
    originalHash: ask.kind === 'reverse' ? keyHash(crypto, ask.original) : undefined,
    storedOriginal: undefined,
  }))
  const keys = new Set(resolved.map((one) => hex(one.keyHash)))
  assert(keys.size === asks.length, 'no two asks of one transaction have the same key')
  return resolved
}

function addTo(lookup: Lookup, ask: Ask): void {
  switch (ask.kind) {
    case 'settle':
      return lookup.addClaim(ask.claim)
    case 'bill':
      return lookup.addNamed(ask.institution, ask.person)
    case 'enter':
      return lookup.addNamed(ask.institution, ask.owner, ask.settlement)
    case 'cancel':
      return lookup.addUndo(ask.institution, ask.settlement)
    case 'reverse':
      return lookup.addReversal(ask)
    case 'resettle':
      return lookup.addNamed(ask.institution, ask.person, ask.settlement)
    case 'move':
    case 'moveBack':
      return lookup.addMovement(ask)
  }
}

export async function resolvePreviews(
  crypto: Crypto,
  transaction: Transaction,
  asked: readonly Previewed[],
): Promise<Party[]> {
  const lookup = new Lookup(crypto)
  for (const one of asked)
    if ('subjects' in one) lookup.addNamed(one.institution, one.person)
    else lookup.addClaim(one)
  const found = await lookup.read(transaction, [beginningToRead, planOnce])
  return asked.map((one) =>
    'subjects' in one
      ? withAlso(one, partyOfNamed(one, one.person, found))
      : partyOf(crypto, one, found),
  )
}

/** What an ask turned out to be about while it was decided is locked and read like what it names. */
const withAlso = (asked: Ask | Pick<BillAsk, 'also'>, party: Party): Party =>
  'also' in asked && asked.also ? { ...party, subjects: [...party.subjects, ...asked.also] } : party

function partyOfAsk(crypto: Crypto, ask: Ask, found: Found): Party {
  switch (ask.kind) {
    case 'settle':
      return partyOf(crypto, ask.claim, found)
    case 'bill':
      return partyOfNamed(ask, ask.person, found)
    case 'enter':
      return { ...partyOfNamed(ask, ask.owner, found), settlement: settlementOf(ask, found) }
    case 'cancel':
      return partyOfUndo(ask, found)
    case 'resettle':
      return partyOfResettlement(ask, found)
    case 'reverse':
      return partyOfReversal(ask, keyHash(crypto, ask.original), found)
    case 'move':
    case 'moveBack':
      return partyOfMovement(ask, found)
  }
}

/** The owner of the request that is reversed; where it never arrived, the person named, if there is one. */
function partyOfReversal({ institution, person }: ReverseAsk, hash: Buffer, found: Found): Party {
  const named = found.originals.find((row) => row.key_hash === null && row.owner_id === person)
  const original = found.originals.find((row) => row.key_hash?.equals(hash))
  return {
    institution: found.institutions.get(institution),
    owner: original?.owner_id ?? named?.owner_id,
    card: undefined,
    others: original?.participants ?? [],
    settlement: original?.settlement_id ?? undefined,
    subjects: original ? subjectsOf(original) : [],
  }
}

/** An institution that keeps something of its own owns it itself; agencies keep what is their region's, or an institution's. */
function partyOfNamed(
  {
    institution: code,
    subjects,
  }: Pick<BillAsk | EnterAsk | ResettleAsk, 'institution' | 'subjects'>,
  owner: string,
  found: Found,
): Party {
  const institution = found.institutions.get(code)
  const person = found.people.get(owner)
  const known =
    person !== undefined ||
    (institution && owner === `institution:${code}`) ||
    isOfficeOwner(code, owner)
  return {
    institution,
    owner: known ? owner : undefined,
    card: undefined,
    others: person?.family ?? [],
    subjects,
  }
}

/** What is settled anew is undone first: whoever took part in it, and whoever may now, with all that hears of an undo. */
function partyOfResettlement(ask: ResettleAsk, found: Found): Party {
  const { person, settlement } = ask
  const party = partyOfNamed(ask, person, found)
  const settled = found.settlements.get(settlement)
  if (!settled || settled.owner_id !== person) return party
  return {
    ...party,
    settlement,
    others: [...party.others, ...settled.participants],
    subjects: [...party.subjects, ...undoSubjects(person, settlement, settled.visit)],
  }
}

/** A settlement that an ask names is looked at where it is the owner's. */
const settlementOf = ({ settlement, owner }: EnterAsk, found: Found): string | undefined =>
  found.settlements.get(settlement ?? '')?.owner_id === owner ? settlement : undefined

/** The visit that an original settled, or whatever it entered. */
function subjectsOf(original: ResolvedOriginal): readonly Subject[] {
  const { owner_id: owner, visit, subject, settlement_id: settlement } = original
  if (subject !== null) return [{ owner, name: subject }]
  return settlement === null ? [] : undoSubjects(owner, settlement, visit)
}

function partyOf(crypto: Crypto, claim: Claim, found: Found): Party {
  const hash = hashOf(crypto, claim.credential)
  const credential = found.credentials.get(hex(hash))
  const { token, type } = claim.credential
  if (token) return partyOfToken(claim, token, credential, found)
  return {
    institution: found.institutions.get(claim.institution),
    owner: credential?.owner_id,
    card: credential?.card_hash ?? undefined,
    version: credential?.person_version,
    eCard: credential && type === 'e-card' ? hash : undefined,
    others: credential?.family ?? [],
    subjects: credential
      ? subjectsOfClaim(
          claim,
          credential.owner_id,
          credential.card_hash === null ? undefined : cardIdOf(credential.card_hash),
        )
      : [],
  }
}

/** A 医保电子凭证 belongs to its owner, with a card or without. */
function partyOfToken(
  claim: Claim,
  { owner, kind }: Token,
  eCard: ResolvedCredential | undefined,
  found: Found,
): Party {
  const person = found.people.get(owner)
  const card = kind === 'social-security' && eCard?.owner_id === owner ? eCard.card_hash : null
  return {
    institution: found.institutions.get(claim.institution),
    owner: person?.owner_id,
    card: card ?? undefined,
    eCard: card ? eCard?.number_hash : undefined,
    others: person?.family ?? [],
    subjects: person ? subjectsOfClaim(claim, owner) : [],
  }
}

function partyOfUndo(ask: Extract<Ask, { kind: 'cancel' }>, found: Found): Party {
  const settlement = found.settlements.get(ask.settlement)
  return {
    institution: found.institutions.get(ask.institution),
    owner: settlement?.owner_id,
    card: undefined,
    others: settlement?.participants ?? [],
    settlement: settlement?.settlement_id,
    subjects: settlement ? undoSubjects(settlement.owner_id, ask.settlement, settlement.visit) : [],
  }
}
