import { policyOf } from '../../engine/cardPolicy.ts'
import {
  chipAlgorithm,
  judgeReading,
  type PinVerdict,
  refuseForm,
  type Reading,
  type Verdict,
} from '../../engine/cardReading.ts'
import type { Division } from '../../engine/claim.ts'
import type { Institution } from '../../engine/institution.ts'
import { isOffice } from '../../engine/institution.ts'
import { noFacts } from '../../engine/ports.ts'
import { isRefusal, type Refusal, refuse } from '../../engine/refusal.ts'
import { type HsmLine, readHsmLine } from '../crypto/hsmLine.ts'
import type { KeyStore } from '../crypto/keyStore.ts'
import { drawBytes } from '../crypto/drawnBytes.ts'
import { sm3 } from '../crypto/sm3.ts'
import type { VerifyPool } from '../crypto/verifyPool.ts'
import type {
  CardShown,
  ChipAnswer,
  EvidenceDesk,
  Holder,
  Looked,
  ReadWhere,
} from '../http/evidenceNeeds.ts'
import type { PinDesk } from '../http/needs.ts'
import { maskName } from '../log.ts'
import { type Challenges, createChallenges } from '../postgres/challenges.ts'
import { createDossiers } from '../postgres/dossiers.ts'
import { createIds } from '../postgres/ids.ts'
import { createInsured } from '../postgres/insured.ts'
import { createRegister } from '../postgres/register.ts'
import { readInstitutions } from '../postgres/sql/resolve.ts'
import type { World } from './serve.ts'
import { tokenKeysOf } from './tokenKeys.ts'
import { withFault } from './withFault.ts'

/** What looking at cards and tokens needs: the keys, the threads for certificates, and where PINs are tried. */
export interface EvidenceTools {
  readonly keyStore: KeyStore
  /** Absent where no root certificates are here: then no signature of a card proves anything. */
  readonly pool?: VerifyPool | undefined
  readonly pins: PinDesk
}

/** Proofs of cards, as desks, tills and the national interface ask for them. */
export function evidenceDeskOf(world: World, tools: EvidenceTools): EvidenceDesk {
  const { pool, crypto, clock, rules } = world
  const now = () => clock.now()
  const challenges = createChallenges({ pool, now })
  const ids = createIds({ sm3, drawBytes })
  const dossiers = createDossiers({ pool, crypto })
  const register = createRegister({ pool, crypto, now })
  const books = rules.rulebooks
  const { pins, keyStore } = tools
  const looking: Looking = {
    world,
    tools,
    challenges,
    newId: (owner) => ids.next(owner, now()),
    institution: async (code) => findInstitution(world, code),
    holderOf: holdersOf(world),
  }
  return {
    challenge: withFault(async (where) => giveChallenge(where, looking)),
    look: async (shown) => look(shown, looking),
    twoStep: withFault(async (where, line) => twoStep(where, line, looking)),
    isAsker: withFault(async (code) => (await divisionOf(code, looking)) !== undefined),
    holderOf: withFault(looking.holderOf),
    cardsOf: withFault(async (owner) => register.cardsOf(owner)),
    kept: withFault(async (subject) => dossiers.read(subject)),
    checkPin: async (card, entered, institution) => pins.check(card, entered, institution),
    tokens: tokenKeysOf(world, keyStore),
    newId: looking.newId,
    maskName,
    books,
    today: () => clock.today(),
  }
}

interface Looking {
  readonly world: World
  readonly tools: EvidenceTools
  readonly challenges: Challenges
  readonly newId: (owner: string) => string
  readonly institution: (code: string) => Promise<Institution | undefined>
  readonly holderOf: (number: string) => Promise<Holder | undefined>
}

async function findInstitution({ pool }: World, code: string): Promise<Institution | undefined> {
  const { values, ...statement } = readInstitutions([code])
  const { rows } = await pool.query<{ document: Institution }>({
    ...statement,
    values: [...values],
  })
  return rows[0]?.document
}

const holdersOf =
  ({ pool, crypto }: World): EvidenceDesk['holderOf'] =>
  async (number) => {
    const insured = await createInsured({ pool, crypto }).byCredential({ type: 'card', number })
    const card = insured?.cards.find((one) => one.number === number)
    return insured && card && { person: insured.person, card, identity: insured }
  }

async function giveChallenge(
  { institution, terminal }: ReadWhere,
  { world, tools, challenges, newId, ...looking }: Looking,
): ReturnType<EvidenceDesk['challenge']> {
  const division = await divisionOf(institution, { world, ...looking })
  if (division === undefined) return refuse('institution-unknown', { institution })
  const random = tools.keyStore.newChallenge()
  const { challenge_seconds } = policyOf(world.rules.rulebooks, division)
  const until = world.clock.now() + challenge_seconds * 1000
  const id = newId(institution)
  await challenges.give({ id, institution, terminal, random, until })
  return { id, random: random.toString('hex'), until }
}

async function divisionOf(
  code: string,
  { institution, world: { rules, config } }: Pick<Looking, 'institution' | 'world'>,
): Promise<Division | undefined> {
  if (!isOffice(code)) return (await institution(code))?.division
  const division = code.slice(code.indexOf(':') + 1)
  return rules.rulebooks.directory(config.regions).regionOf(division) && division
}

/** The challenge first: it is gone, whatever else turns out. */
async function look(shown: CardShown, looking: Looking): Promise<Looked | Refusal> {
  const { read, answer, institution, terminal } = shown
  const random =
    answer &&
    (await withFault(async (id: string) => looking.challenges.take({ ...shown, id }))(
      answer.challenge,
    ))
  const bad = refuseForm(read)
  if (bad) return bad
  const holder = await withFault(looking.holderOf)(read.number)
  if (!holder) return refuse('card-unknown')
  const { keyVersion, ...verdict } = await judgeAnswer(shown, random, holder, looking)
  const owner = holder.person.id
  const reading: Reading = { read, verdict, id: looking.newId(owner), institution, terminal }
  const pin = await tryPin(shown, reading, holder, looking)
  const external = answer && externalOf(shown, answer, holder, keyVersion, looking)
  return { owner, reading: pin ? { ...reading, pin } : reading, external }
}

async function judgeAnswer(
  { read, answer }: CardShown,
  random: Buffer | undefined,
  { card }: Holder,
  { tools: { keyStore, pool }, world }: Looking,
): Promise<Verdict & { readonly keyVersion?: number }> {
  if (!answer) return { kind: 'unproved' }
  const no = (refusal: Refusal): Verdict => ({ kind: 'refused', refusal })
  if (!random) return no(refuse('challenge-unknown', { challenge: answer.challenge }))
  const { cryptogram, signature, certificates = [] } = answer
  const { serial } = read
  if (cryptogram !== undefined) {
    const algorithm = chipAlgorithm(read, card.version)
    const bytes = Buffer.from(cryptogram, 'hex')
    const checked = algorithm && keyStore.verifyCardCryptogram({ serial, algorithm }, random, bytes)
    if (!checked?.right) return no(refuse('card-not-genuine'))
    return { kind: 'proved', proof: 'cryptogram', keyVersion: checked.keyVersion }
  }
  const found =
    card.version === '3.00' &&
    (await pool?.verifyChip({
      chain: certificates.map((each) => Buffer.from(each, 'base64')),
      challenge: random,
      signature: Buffer.from(signature ?? '', 'hex'),
      serial,
      now: world.clock.now(),
    }))
  return found === 'genuine'
    ? { kind: 'proved', proof: 'signature' }
    : no(refuse('card-not-genuine'))
}

/**
 * A PIN is tried only for a card that may be used as far as anybody can tell before, and where an authentication would be opened:
 * a wrong one costs a try.
 */
async function tryPin(
  { pin, institution }: CardShown,
  reading: Reading,
  { card, person, identity }: Holder,
  { world, tools, ...looking }: Looking,
): Promise<PinVerdict | undefined> {
  if (!pin) return undefined
  const { clock, rules } = world
  const facts = {
    ...noFacts,
    institution: await looking.institution(institution),
    person,
    identity,
    cards: [card],
  }
  const found = { facts, now: clock.now(), today: clock.today() }
  const judged = judgeReading(reading, found, rules.rulebooks)
  if (isRefusal(judged) || !judged.authentication) return undefined
  return tools.pins.check(card, pin, institution)
}

/** A card has all its keys of one version: the one by which it proved itself. */
function externalOf(
  { read }: CardShown,
  { cardChallenge }: ChipAnswer,
  { card }: Holder,
  keyVersion: number | undefined,
  { tools: { keyStore } }: Looking,
): string | undefined {
  const algorithm = chipAlgorithm(read, card.version)
  if (cardChallenge === undefined || !algorithm) return undefined
  const made = keyStore.externalValue(
    { serial: read.serial, algorithm, keyVersion },
    Buffer.from(cardChallenge, 'hex'),
  )
  return 'value' in made ? made.value.toString('hex') : undefined
}

/** What only a region's keys could compute of a card is told of no card whose keys are not here. */
async function twoStep(
  { institution }: ReadWhere,
  line: string,
  { tools: { keyStore }, ...looking }: Looking,
): ReturnType<EvidenceDesk['twoStep']> {
  if ((await divisionOf(institution, looking)) === undefined)
    return refuse('institution-unknown', { institution })
  const read = readHsmLine(line)
  if ('problem' in read) return refuse('credential-invalid', { type: 'card', field: 'line' })
  const { serial, algorithm, readerChallenge, cardChallenge }: HsmLine = read
  const internal = keyStore.internalValue({ serial, algorithm }, readerChallenge)
  const external = keyStore.externalValue({ serial, algorithm }, cardChallenge)
  if ('refused' in internal || 'refused' in external) return refuse('card-not-genuine')
  const hex = (bytes: Buffer) => bytes.toString('hex').toUpperCase()
  return { internal: hex(internal.value), external: hex(external.value) }
}
