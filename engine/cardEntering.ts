import type { Card, CardChange } from './card.ts'
import {
  type CardEvent,
  contactSubject,
  eventOf,
  keptStateOf,
  lapsed,
  madeSubject,
  needNamed,
} from './cardHistory.ts'
import type { CardService, Deed } from './cardLife.ts'
import { placeOf } from './cardPlace.ts'
import { type CardAsked, documentsOf, type ServiceCase } from './cardAsked.ts'
import { begin, datesFrom, endedWith } from './cardSuccession.ts'
import type { Entry, Json } from './dossier.ts'
import type { Entered } from './ports.ts'
import { assert } from './refusal.ts'

const day_ms = 24 * 60 * 60 * 1000

/** What a service that may be done writes: the history of every card it touches, and the cards as they are from now on. */
export function enterService(one: ServiceCase): Entered {
  const { asked, row, stored, card, found } = one
  const does = (deed: Deed): boolean => row.does.includes(deed)
  const after = card && changed(card, one)
  const made = does('makes-card') ? beginCard(one) : undefined
  const ended = after ? endedBy(after, one) : []
  const by = { ...actOf(asked), ...(made && card && { other: made.id }) }
  const entries: Entry[] = [
    ...(stored ? lapsed(stored, found.now).entries : []),
    ...(card && after ? [told(asked.service, by, card, after)] : []),
    ...(made ? [told('application', { ...actOf(asked), other: card?.id }, undefined, made)] : []),
    ...ended.map(([old, then]) =>
      told('supersession', { desk: asked.desk, other: after?.id }, old, then),
    ),
    ...(made ? [{ subject: madeSubject(made.owner), kind: 'made', body: { card: made.id } }] : []),
    ...(does('writes-contact') ? [contactOf(asked, one)] : []),
  ]
  needNamed(found.dossiers, entries)
  return {
    entries,
    cards: [
      ...(after ? changeOf(after, one) : []),
      ...(made ? [{ card: made, pin: initialPin(made, one) }] : []),
      ...ended.map(([, then]) => ({ card: then })),
    ],
    identity: identityOf(one),
    result: {
      card: viewOf(after ?? made),
      ...(after && made && { newCard: viewOf(made) }),
    },
  }
}

function changed(card: Card, { asked, row, places, found }: ServiceCase): Card {
  const { life = card.life, loss, pin = card.pin } = row.to
  const lapses = found.now + places.policyOf(card.managedIn).temporaryLoss_days * day_ms
  return {
    ...card,
    life,
    pin,
    ...(loss && { loss: loss === 'temporary' ? { kind: loss, lapses } : { kind: loss } }),
    ...(row.does.includes('sets-dates') && datesFrom(found.today)),
    ...(row.does.includes('moves-card') && { managedIn: placeOf(places, asked.desk.division) }),
  }
}

/** A card as its asker is told it: without its numbers, and it is the asker who knows whose it is. */
function viewOf(card: Card | undefined): Json {
  const { number: _number, serial: _serial, owner: _owner, ...view } = card ?? ({} as Card)
  return view
}

/** A card that only its history tells of is not written anew. */
function changeOf(after: Card, { asked, row, stored, places }: ServiceCase): CardChange[] {
  const bears = row.does.includes('bears-e-card')
  const { pinTries: tries } = places.policyOf(after.managedIn)
  const setsPin = row.does.includes('sets-pin')
  assert(!setsPin || asked.pin !== undefined, 'whoever sets a PIN gives one')
  const pin = setsPin ? { made: asked.pin, initial: false, tries } : undefined
  const isSame = JSON.stringify(after) === JSON.stringify(stored)
  return isSame && !pin ? [] : [{ card: after, pin, ...(bears && { bearsECard: true }) }]
}

function beginCard({ asked, card, person, places, found }: ServiceCase): Card {
  const { blank, desk } = asked
  assert(blank !== undefined, 'a card that is applied for has a number')
  const photo = (card?.photo ?? false) || documentsOf(asked).some(({ kind }) => kind === 'photo')
  const managedIn = card?.managedIn ?? placeOf(places, desk.division)
  return begin(blank, { owner: person.id, managedIn, photo, today: found.today, old: card })
}

/** Every card is made with the same PIN (初始密码), which its holder changes before it pays. */
function initialPin({ managedIn }: Card, { places }: ServiceCase): CardChange['pin'] {
  return { initial: true, tries: places.policyOf(managedIn).pinTries }
}

function endedBy(after: Card, { row, places, found }: ServiceCase): (readonly [Card, Card])[] {
  const policy = places.policyOf(after.managedIn)
  return endedWith(row, after, found.facts.cards ?? [], policy).map((old) => [
    old,
    { ...old, life: 'superseded' },
  ])
}

const actOf = (asked: CardAsked): Omit<CardEvent, 'after'> => {
  const { desk, acting, reason, note } = asked
  return { desk, documents: documentsOf(asked), acting, reason, note }
}

const told = (
  service: CardService,
  by: Omit<CardEvent, 'after'>,
  before: Card | undefined,
  after: Card,
): Entry =>
  eventOf(after, service, {
    ...by,
    before: before && keptStateOf(before),
    after: keptStateOf(after),
  })

function contactOf({ desk, contact = {} }: CardAsked, { person }: ServiceCase): Entry {
  const body = { desk, ...contact } as unknown as Json
  return { subject: contactSubject(person.id), kind: 'details', body }
}

/** A changed name or number (变更姓名或号码) is the person's from now on, whichever card they hold. */
function identityOf({ asked, reason, found }: ServiceCase): Entered['identity'] {
  const { identity } = found.facts
  return reason?.renames === true && asked.identity && identity
    ? { ...identity, ...asked.identity }
    : undefined
}
