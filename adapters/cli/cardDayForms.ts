import { type CardDayDesk, type Fields, type Holder, memberOf } from './cardDayDesk.ts'

export const shown = (...kinds: readonly string[]): Fields => ({
  documents: kinds.map((kind) => ({ kind })),
})
export const cardAndId = shown('own-card', 'id-document')
export const idAlone = shown('id-document')
export const at = (division = '510100', more: Fields = {}): Fields => ({
  desk: { division, operator: '0001', ...more },
})
export const byTelephone = at('510100', { channel: 'hotline' })

export const byCard = ({ card: { number, serial } }: Holder): Fields => ({
  type: 'card',
  number,
  cardSn: serial,
})
export const byNumber = ({ citizenNumber }: Holder): Fields => ({
  type: 'citizen-number',
  number: citizenNumber,
})

interface Wanted {
  readonly says: string
  readonly service: string
  readonly card: string
  readonly body: Fields
  readonly expect: Fields
}

export const service = (desk: CardDayDesk, { says, service: name, card, body, expect }: Wanted) =>
  desk.ask({ says, path: `/v1/cards/${card}/${name}`, body: { ...at(), ...body }, expect })

/** A card that was applied for is made and handed over: its number and serial are told to the card maker alone. */
export async function makeCard(
  desk: CardDayDesk,
  card: string,
): Promise<{ number: string; serial: string }> {
  const made = await service(desk, {
    says: 'the card maker has made it',
    service: 'making',
    card,
    body: {},
    expect: { status: 201, 'card.life': 'made' },
  })
  await service(desk, {
    says: 'handed over to its holder',
    service: 'delivery',
    card,
    body: idAlone,
    expect: { status: 201, 'card.life': 'issued' },
  })
  return memberOf(made.body, 'make') as { number: string; serial: string }
}
