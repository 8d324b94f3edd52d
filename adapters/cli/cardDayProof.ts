import {
  type BrochureRow,
  type CardDayDesk,
  type Fields,
  type Holder,
  memberOf,
} from './cardDayDesk.ts'
import { byTelephone, service } from './cardDayForms.ts'

/** Its server verifies cards itself; the other hospitals trust their readers. */
const verifying = 'H51010000002'
const app = 'agency:510100'
const terminal = 'T51010001'

/** What a reader took from the chip. */
const readOf = ({ card, citizenNumber, name }: Holder): Fields => ({
  number: card.number,
  cardSn: card.serial,
  version: '3.00',
  citizenNumber,
  name,
})

interface Reading {
  readonly says: string
  readonly holder: Holder
  /** Whose chip answers: another's is no good. */
  readonly chip?: Holder
  readonly expect: Fields
}

/** A challenge, and what a chip answers to it. */
async function read(desk: CardDayDesk, { says, holder, chip = holder, expect }: Reading) {
  const at = { institution: verifying, terminal }
  const given = await desk.ask({
    says: 'a challenge for the card',
    path: '/v1/cards/authentication',
    body: { ...at, card: { number: holder.card.number, cardSn: holder.card.serial } },
    expect: { status: 201 },
  })
  const challenge = memberOf(given.body, 'challenge') as { id: string; random: string }
  const cryptogram = chip.card.answer(Buffer.from(challenge.random, 'hex')).toString('hex')
  const block = desk.keyIn('135790', holder.card.number)
  return desk.ask({
    says,
    path: '/v1/cards/authentication',
    body: {
      ...at,
      card: readOf(holder),
      challenge: challenge.id,
      cryptogram,
      pin: { terminal: { division: '510100', id: terminal }, block },
    },
    expect,
  })
}

/** What shows a holder: the number of the card, and its PIN. */
const byPin = (desk: CardDayDesk, { card: { number } }: Holder): Fields => ({
  institution: app,
  card: number,
  pin: { terminal: { division: '510100', id: terminal }, block: desk.keyIn('135790', number) },
})

async function token(desk: CardDayDesk, holder: Holder, asked: Fields): Promise<string> {
  const told = await desk.ask({
    says: `a token of ${String(asked['kind'])} for ${String(asked['purpose'])}`,
    path: '/v1/e-cards/tokens',
    body: { ...byPin(desk, holder), ...asked },
    expect: { status: 201 },
  })
  return String(told.body['token'])
}

const atVerifying = { institution: verifying }
const eCard = (number: string): Fields => ({ type: 'e-card', number })

/** F1, F3, N3, N4 and Q1: what proves a card, and what stands for it. */
export const proofRows: readonly BrochureRow[] = [
  {
    row: 'F1',
    zh: '电子凭证',
    en: 'electronic credential',
    async play(desk) {
      const m1 = desk.holder('M1')
      const kind = 'social-security'
      const shown = await token(desk, m1, { kind, purpose: 'settlement' })
      await desk.bill('the e-card settles once', eCard(shown), 'settled', atVerifying)
      await desk.bill('and not twice', eCard(shown), 'token-used', atVerifying)
      await desk.ask({
        says: 'the medical-insurance credential is opened by its holder',
        path: '/v1/e-cards',
        body: byPin(desk, m1),
        expect: { status: 201, state: 'open' },
      })
      await service(desk, {
        says: 'the card is lost',
        service: 'temporary-loss',
        card: m1.card.number,
        body: byTelephone,
        expect: { status: 201 },
      })
      const own = await token(desk, m1, { kind: 'medical-insurance', purpose: 'settlement' })
      await desk.bill(
        'its holder’s own credential settles all the same',
        eCard(own),
        'settled',
        atVerifying,
      )
    },
  },
  {
    row: 'F3',
    zh: '自助查询',
    en: 'self-service query',
    async play(desk) {
      const c1 = desk.holder('C1')
      const bearer = await token(desk, c1, { kind: 'social-security', purpose: 'self-service' })
      for (const path of ['', '/accounts', '/accumulators', '/settlements'])
        await desk.ask({
          says: 'one’s own',
          path: `/v1/people/me${path}`,
          bearer,
          expect: { status: 200 },
        })
      await desk.ask({
        says: 'progress and state of one’s own card',
        path: `/v1/cards/${c1.card.number}`,
        bearer,
        expect: { status: 200 },
      })
      await desk.ask({
        says: 'of another it is told as of nobody',
        path: `/v1/people/${desk.holder('U1').id}`,
        bearer,
        expect: { status: 404, code: 'person-not-found' },
      })
    },
  },
  {
    row: 'N3',
    zh: '线上用卡身份认证',
    en: 'online identity authentication',
    async play(desk) {
      const u1 = desk.holder('U1')
      const shown = await token(desk, u1, { kind: 'social-security', purpose: 'identity' })
      const body = { institution: app, token: shown }
      const path = '/v1/e-cards/tokens/verification'
      const expect = { status: 201, person: u1.id }
      await desk.ask({ says: 'who shows it is told, once', path, body, expect })
      await desk.ask({ says: 'and not twice', path, body, expect: { code: 'token-used' } })
    },
  },
  {
    row: 'N4',
    zh: '国产密码',
    en: 'national algorithms',
    async play(desk) {
      await read(desk, {
        says: 'SM4: the cryptogram of the chip, and its PIN',
        holder: desk.holder('U1'),
        expect: { status: 201, proof: 'cryptogram', pin: 'checked' },
      })
      await desk.ask({
        says: 'SM2: the keys by which anybody verifies tokens',
        path: '/v1/e-cards/keys',
        expect: { status: 200 },
      })
    },
  },
  {
    row: 'Q1',
    zh: '安全',
    en: 'safety',
    async play(desk) {
      const c1 = desk.holder('C1')
      const { number } = c1.card
      const byCard = { type: 'card', number }
      await desk.bill('a card that proved nothing', byCard, 'card-not-authenticated', atVerifying)
      await read(desk, {
        says: 'the answer of another card',
        holder: c1,
        chip: desk.holder('U1'),
        expect: { code: 'card-not-genuine' },
      })
      const done = await read(desk, {
        says: 'its own answer, and the right PIN',
        holder: c1,
        expect: { status: 201 },
      })
      const authentication = String(done.body['authentication'])
      await desk.bill('it settles', { ...byCard, authentication }, 'settled', atVerifying)
      await read(desk, {
        says: 'a lost card answers rightly and opens nothing',
        holder: desk.holder('X2'),
        expect: { code: 'card-temporarily-lost' },
      })
    },
  },
]
