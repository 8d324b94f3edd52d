import { refuseCredential } from '../../engine/authenticity.ts'
import type { Credential } from '../../engine/claim.ts'
import type { Day } from '../../engine/day.ts'
import {
  type Authentication,
  authenticationsSubject,
  openAuthentication,
} from '../../engine/evidence.ts'
import { isCardNumber, isCardSerial, isCitizenNumber } from '../../engine/identity.ts'
import type { Entered, Found } from '../../engine/ports.ts'
import { type Refusal, refuse } from '../../engine/refusal.ts'
import { keepPerson, keptPerson, type PersonTold, tellPerson } from './baseinfo.ts'
import type { Insured } from './needs.ts'
import { tell } from './tell.ts'
import type { Call, Refused } from './transaction.ts'

/** [J] How long a card that was read stays authenticated, where no visit carries it (decision 1). */
const authenticated_ms = 30 * 60 * 1000

/** What is said of a person beside the credential, to be checked against the register where it is given. */
export interface Said {
  readonly certno?: string | undefined
  readonly psn_name?: string | undefined
}

/** Whoever a credential belongs to, if what is said of them beside it is true. */
export async function findPresented(
  credential: Credential,
  said: Said,
  { world }: Pick<Call, 'world'>,
): Promise<Insured | Refused> {
  const bad = refuseForm(credential)
  if (bad) return { refused: world.explain(bad) }
  const insured = await world.people.byCredential(credential)
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

/** Asks who holds a card that was read, and opens an authentication for this institution and terminal (卡鉴权). */
export async function authenticate(
  credential: Credential,
  insured: Insured,
  call: Call,
  on: Day,
): Promise<PersonTold | Refused> {
  const { key, institution, submit, world } = call
  const owner = insured.person.id
  const outcome = await submit({
    kind: 'enter',
    key,
    institution: institution.code,
    owner,
    subjects: [authenticationsSubject(owner)],
    enter: (found) => enterAuthentication(credential, found, call, on),
  })
  return tell(outcome, 'entered', world, ({ result = null }) => keptPerson(result))
}

function enterAuthentication(
  credential: Credential,
  { facts, now, today }: Found,
  { key, envelope, institution: { code }, settings }: Call,
  on: Day,
): Entered | Refusal {
  const { person, identity, institution, balances, cards = [] } = facts
  if (!institution) return refuse('institution-unknown', { institution: code })
  if (!person || !identity) return refuse('person-unknown')
  const card = cards.find(({ number }) => number === credential.number)
  const blocked = refuseCredential({ credential, card, person, institution, now, day: today })
  if (blocked) return blocked
  const authentication: Authentication = {
    id: key.key,
    institution: code,
    terminal: envelope.device,
    card: credential.number,
    at: now,
    until: now + authenticated_ms,
  }
  const balance = balances.get(person.id) ?? (0n as Insured['balance'])
  const told = tellPerson({ person, balance, ...identity }, settings, on)
  return { entries: [openAuthentication(person.id, authentication)], result: keepPerson(told) }
}
