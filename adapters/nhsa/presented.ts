import { judgeReading, type Reading } from '../../engine/cardReading.ts'
import type { Credential } from '../../engine/claim.ts'
import type { Day } from '../../engine/day.ts'
import type { Json } from '../../engine/dossier.ts'
import { credentialSubjects, openAuthentication } from '../../engine/evidence.ts'
import { isCardNumber, isCardSerial, isCitizenNumber } from '../../engine/identity.ts'
import type { Entered, Found } from '../../engine/ports.ts'
import { isRefusal, type Refusal, refuse } from '../../engine/refusal.ts'
import { keepPerson, keptPerson, type PersonTold, tellPerson } from './baseinfo.ts'
import type { AuthTold } from './cardProof.ts'
import type { Insured, World } from './needs.ts'
import { tell } from './tell.ts'
import type { Call, Refused } from './transaction.ts'

/** What is said of a person beside the credential, to be checked against the register where it is given. */
export interface Said {
  readonly certno?: string | undefined
  readonly psn_name?: string | undefined
}

/** Whoever a credential belongs to, if what is said of them beside it is true. */
export async function findPresented(
  credential: Credential,
  said: Said,
  { world, envelope }: Pick<Call, 'world' | 'envelope'>,
  known?: Insured,
): Promise<Insured | Refused> {
  const bad = refuseForm(credential)
  if (bad) return { refused: world.explain(bad) }
  const insured = known ?? (await world.people.byCredential(credential, envelope.homeRegion))
  if (isRefusal(insured)) return { refused: world.explain(insured) }
  if (!insured)
    return {
      refused: world.explain(
        refuse(credential.type === 'card' ? 'card-unknown' : 'person-unknown'),
      ),
    }
  return contradicts(said, insured) ? { refused: '人员姓名或证件号码与凭证不符' } : insured
}

function refuseForm({ type, number, cardSn }: Credential): Refusal | undefined {
  const wrong = (field: string): Refusal => refuse('credential-invalid', { type, field })
  if (type === 'citizen-number' && !isCitizenNumber(number)) return wrong('number')
  if (type === 'card' && !isCardNumber(number)) return wrong('number')
  return cardSn !== undefined && !isCardSerial(cardSn) ? wrong('cardSn') : undefined
}

function contradicts({ certno, psn_name: name }: Said, insured: Insured): boolean {
  const other = certno !== undefined && certno.trim().toUpperCase() !== insured.citizenNumber
  return other || (name !== undefined && name.trim() !== insured.name)
}

/** A card that was read (1101, 1161): what it proved, and what is told beside its holder. */
export interface CardGiven {
  readonly reading: Reading
  readonly on: Day
  readonly auth?: AuthTold | undefined
}

/** What is told of a card that was read, the same to every repeat. */
interface CardTold {
  readonly told: PersonTold
  readonly auth: AuthTold
  readonly warnings: readonly string[]
}

/**
 * Asks who holds a card that was read, and opens an authentication for this institution and terminal (卡鉴权): of a card that
 * proved itself, or on the reader's word where readers are trusted. Elsewhere the holder is told and nothing is opened.
 */
export async function authenticate(
  insured: Insured,
  given: CardGiven,
  call: Call,
): Promise<CardTold | Refused> {
  const { key, institution, submit, world } = call
  const owner = insured.person.id
  const outcome = await submit({
    kind: 'enter',
    key,
    institution: institution.code,
    owner,
    subjects: credentialSubjects(owner),
    enter: (found) => enterReading(given, withBalance(found, insured, world), call),
  })
  return tell(outcome, 'entered', world, ({ result = null }) => {
    const { auth = {}, warnings = [] } = result as unknown as Partial<CardTold>
    return { told: keptPerson(result), auth, warnings }
  })
}

/** The account of somebody insured elsewhere is kept there, and has what that region told. */
function withBalance(found: Found, { person, region, balance }: Insured, world: World): Found {
  const { regions } = world.deciding()
  if (regions.serves(regions.regionOf(region)?.division ?? '')) return found
  const { facts } = found
  return {
    ...found,
    facts: { ...facts, balances: new Map(facts.balances).set(person.id, balance) },
  }
}

function enterReading(
  { reading, on, auth = {} }: CardGiven,
  found: Found,
  { settings, world }: Call,
): Entered | Refusal {
  const judged = judgeReading(reading, found, world.deciding().rulebooks)
  if (isRefusal(judged)) return judged
  const { authentication } = judged
  const warnings = judged.warnings.map((warning) => world.warn(warning))
  const result = { ...(keepFound(found, settings, on) as object), auth, warnings }
  const { person } = found.facts
  return {
    entries: authentication && person ? [openAuthentication(person.id, authentication)] : [],
    result: result as unknown as Json,
  }
}

/** The person as found, as it is told and kept. */
export function keepFound(
  { facts: { person, identity, balances } }: Found,
  settings: Call['settings'],
  on: Day,
): Json {
  if (!person || !identity) return null
  const balance = balances.get(person.id) ?? (0n as Insured['balance'])
  return keepPerson(tellPerson({ person, balance, ...identity }, settings, on))
}
