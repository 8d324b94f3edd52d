import { withCheckDigit } from '../../support/citizenNumber.ts'
import { afterEach, expect, it } from 'vitest'
import { cardIdOf } from '../../../adapters/postgres/cards.ts'
import { checkBooks } from '../../../adapters/postgres/checks.ts'
import { cardHash } from '../../../adapters/postgres/hashes.ts'
import { cardSubject } from '../../../engine/cardHistory.ts'
import { documentKinds } from '../../../engine/cardDocuments.ts'
import { usualCardPolicy } from '../../../engine/cardPolicy.ts'
import { serveCard } from '../../../engine/cardService.ts'
import { isLive } from '../../../engine/cardState.ts'
import { askCollection, collectionSubject, noteCollection } from '../../../engine/collection.ts'
import type { AskedService } from '../../../engine/cardLife.ts'
import type { Outcome } from '../../../engine/outcome.ts'
import type { Ask, EnterAsk } from '../../../engine/ports.ts'
import type { ProcessEvent } from '../../../engine/process.ts'
import { directory } from '../../../engine/route.ts'
import { backAsk, contribution, moveAsk } from './movements.ts'
import { type RealWorld, realWorld } from './real.ts'
import { cancelAsk, claim, crypto, ids, person, settleAsk, start_ms } from './support.ts'

// Everything that is asked of the books at once, in batches that cross each other.

const hospital = 'H51010000001'
const regions = directory(
  [{ division: '510100', name: '成都市', divisions: ['510100'], province: '510000' }],
  ['510100'],
)
const places = { regions, policyOf: () => usualCardPolicy }
const people = Array.from({ length: 12 }, (_, i) => `5101000000000000000070${10 + i}`)
const numberOf = (i: number): string => withCheckDigit(`51019919860312${300 + 2 * i}`)
let real: RealWorld
afterEach(() => real.close())

async function enrolAll(): Promise<void> {
  const { register, opening } = real.books
  for (const [i, id] of people.entries()) {
    const family = [people[(i * 5 + 3) % people.length] as string]
    await register.putPerson({
      person: person(id, family),
      name: '演示',
      citizenNumber: numberOf(i),
      region: '510100',
      bankAccount: `621700000000${i}`,
    })
    await register.putCredential({ type: 'citizen-number', number: numberOf(i) }, id, undefined)
    await opening.open([{ owner: id, region: '510100', amount: 50_000n as never }])
  }
}

let count = 0
const keyed = (institution: string) => {
  const key = `m${(count += 1)}`
  return { institution, key, fingerprint: key, input: '{}' }
}

function cardAsk(owner: string, service: AskedService, card?: string): EnterAsk {
  const number = `M${String((count += 1)).padStart(8, '0')}`
  const id = cardIdOf(cardHash(crypto, number))
  const serial = `510100D156000005${number.slice(1).padStart(16, '0')}`
  return {
    kind: 'enter',
    key: keyed('desk:510100'),
    institution: 'desk:510100',
    owner,
    subjects: [cardSubject(owner, card ?? id)],
    enter: (found) => {
      const held = card ?? found.facts.cards?.find(isLive)?.id
      return serveCard(
        found,
        {
          service,
          ...(service !== 'application' && held !== undefined && { card: held }),
          desk: { division: '510100', operator: 'op1', channel: 'desk' },
          documents: documentKinds.map((kind) => ({ kind })),
          blank: { id, number, serial, version: '3.00' },
        },
        places,
      )
    },
  }
}

const entering = (owner: string, settlement: string, enter: EnterAsk['enter']): EnterAsk => ({
  kind: 'enter',
  key: keyed(hospital),
  institution: hospital,
  owner,
  settlement,
  subjects: [collectionSubject(owner, settlement)],
  enter,
})

interface Done {
  readonly owner: string
  readonly settlement: string
  readonly key: string
}

/** The collection of a settlement that was asked for, if one was. */
const asked = new Map<string, { readonly owner: string; readonly reference: string }>()

/** One thing or another about somebody: what it is depends on its number alone. */
function askOf(n: number, done: readonly Done[], moved: readonly string[]): Ask {
  const i = (n * 7 + Math.floor(n / 10)) % people.length
  const owner = people[i] as string
  const settled = done[(n * 13) % Math.max(1, done.length)]
  const reference = `R${n % 40}`
  switch (n % 10) {
    case 0:
      return cardAsk(owner, 'application')
    case 1:
      return cardAsk(
        owner,
        (['making', 'delivery', 'activation', 'formal-loss'] as const)[n % 4] as AskedService,
      )
    case 2:
      return moveAsk(`mv${n}`, contribution(owner, { reference }))
    case 3:
      if (moved.length > 0) return backAsk(`bk${n}`, moved[n % moved.length] as string)
      break
    case 4:
      if (settled) return cancelAsk(`cc${n}`, settled.settlement, hospital)
      break
    case 5:
      if (settled) {
        const { owner: who, settlement } = settled
        const reference = ids.next(who, start_ms)
        return entering(who, settlement, (found) =>
          askCollection(found, { settlement, institution: hospital, reference }),
        )
      }
      break
    case 6: {
      const [settlement, one] = [...asked][n % Math.max(1, asked.size)] ?? []
      if (settlement !== undefined && one !== undefined)
        return entering(one.owner, settlement, (found) =>
          noteCollection(found, { settlement, reference: one.reference, state: 'refused' }),
        )
      break
    }
    case 7:
      if (settled)
        return {
          kind: 'reverse',
          key: keyed(hospital),
          institution: hospital,
          original: { institution: hospital, key: settled.key },
          person: settled.owner,
        }
  }
  const bill = claim(numberOf(i), { family: n % 2 === 0, amount: 900n + BigInt(n), item: 'X1' })
  return settleAsk(`cl${n}`, { ...bill, institution: hospital, useAccount: n % 3 === 0 })
}

it.each([true, false])(
  'claims, cards, movements, collections and undos of one another’s accounts neither deadlock nor lose anything, with locks: %s',
  async (locks) => {
    const events: ProcessEvent[] = []
    real = await realWorld({ locks, max: 16 }, { tell: (event) => void events.push(event) })
    await enrolAll()
    const done: Done[] = []
    asked.clear()
    const moved: string[] = []
    const kinds = new Map<string, number>()
    let n = 0
    const batch = async (size: number): Promise<void> => {
      const asks = Array.from({ length: size }, () => askOf(n++, done, moved))
      const unique = [...new Map(asks.map((ask) => [ask.key.key, ask])).values()]
      const outcomes: Outcome[] = await real.process.settle(unique)
      for (const [i, outcome] of outcomes.entries()) {
        const word = outcome.kind === 'refused' ? outcome.refusal.code : outcome.kind
        kinds.set(word, (kinds.get(word) ?? 0) + 1)
        if (outcome.kind === 'settled')
          done.push({
            owner: outcome.row.content.person,
            settlement: outcome.row.settlement,
            key: (unique[i] as Ask).key.key,
          })
        if (outcome.kind === 'entered' && outcome.subject.startsWith('collection ')) {
          const { reference } = (outcome.result ?? {}) as { readonly reference?: string }
          const { owner } = unique[i] as EnterAsk
          if (reference !== undefined) asked.set(outcome.subject.slice(11), { owner, reference })
        }
        if (outcome.kind === 'moved' && outcome.movement.kind === 'movement')
          moved.push(outcome.movement.id)
      }
    }
    for (let round = 0; round < 12; round++)
      await Promise.all(Array.from({ length: 8 }, async (_, i) => batch(4 + 3 * i)))
    const bugs = events.flatMap((event) => (event.kind === 'bug' ? [String(event.error)] : []))
    expect(bugs).toEqual([])
    const retries = events.flatMap((event) => (event.kind === 'retry' ? [event.because] : []))
    if (locks) expect(retries.filter((because) => because.includes('40P01'))).toEqual([])
    if (locks) expect(kinds.get('busy')).toBeUndefined()
    for (const kind of ['settled', 'undone', 'entered', 'moved', 'reversed'])
      expect(kinds.get(kind)).toBeGreaterThan(5)
    for (const owner of people)
      expect((await real.books.register.cardsOf(owner)).filter(isLive).length).toBeLessThan(2)
    expect(await checkBooks(real.books.pool)).toEqual([])
  },
  120_000,
)
