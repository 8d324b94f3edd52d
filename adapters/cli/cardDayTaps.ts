import { randomBytes } from 'node:crypto'
import { sm3 } from '../crypto/sm3.ts'
import { recordBytes } from '../http/offlineRecord.ts'
import { readTap } from '../http/quickClaim.ts'
import type { BrochureRow, CardDayDesk, Fields, Holder } from './cardDayDesk.ts'

const pharmacy = 'P51010000001'
/** 示例布洛芬, which nobody needs a prescription for. */
const painkiller = 'XN02BEB001A001010100013'

/** What a till sends when a card is held to it; the card itself counts, and binds the amount, the till and the moment. */
function tapOf(desk: CardDayDesk, { card }: Holder, amount: string) {
  const terminal = desk.terminal()
  const moment = Date.parse(`${desk.day}T09:00:00+08:00`)
  const unpredictable = randomBytes(8)
  const fen = BigInt(amount.replace('.', ''))
  const { counter, mac } = card.tap({ terminal, amount: fen, moment, unpredictable })
  return {
    institution: pharmacy,
    terminal: { division: terminal.division, id: terminal.id },
    card: { number: card.number, cardSn: card.serial },
    at: `${desk.day}T09:00:00.000+08:00`,
    counter,
    unpredictable: unpredictable.toString('hex'),
    cryptogram: mac.toString('hex'),
    total: amount,
    lines: [{ id: '1', item: painkiller, quantity: '1', unitPrice: amount, amount }],
  }
}

const pay = (desk: CardDayDesk, says: string, body: Fields, expect: Fields) =>
  desk.ask({ says, path: '/v1/quick-payments', body, expect })

/** What a till without a line keeps: signed by the card, and by the till itself. */
function recordOf(desk: CardDayDesk, holder: Holder, amount: string, sequence: number) {
  const hotList = Date.parse(`${desk.day}T09:00:00+08:00`)
  const unsigned = { ...tapOf(desk, holder, amount), sequence, hotList, mac: '00'.repeat(16) }
  const mac = desk.terminal().mac(recordBytes(readTap(unsigned), (text) => sm3(text)))
  return { ...unsigned, mac: mac.toString('hex') }
}

/** N1 and N2: taps at a till, with a line and without. */
export const tapRows: readonly BrochureRow[] = [
  {
    row: 'N1',
    zh: '非接触',
    en: 'contactless',
    async play(desk) {
      const c1 = desk.holder('C1')
      const body = tapOf(desk, c1, '20.00')
      await pay(desk, 'a card is held to a till: tap and done', body, {
        status: 201,
        account: '20.00',
        fundTotal: '0.00',
        'quick.pin': 'absent',
      })
      await pay(desk, 'what was overheard pays nothing', body, { code: 'payment-repeated' })
      const forged = { ...tapOf(desk, c1, '20.00'), total: '10.00' }
      const lines = [{ ...forged.lines[0], unitPrice: '10.00', amount: '10.00' }]
      await pay(
        desk,
        'nor another amount than the card saw',
        { ...forged, lines },
        {
          code: 'card-not-genuine',
        },
      )
      await pay(desk, 'nor a card that is lost', tapOf(desk, desk.holder('X2'), '20.00'), {
        code: 'card-temporarily-lost',
      })
    },
  },
  {
    row: 'N2',
    zh: '小额快速支付',
    en: 'small quick payments',
    async play(desk) {
      const c1 = desk.holder('C1')
      const body = tapOf(desk, c1, '320.00')
      await pay(desk, 'above the limit a PIN is asked for', body, {
        code: 'card-pin-needed',
        'facts.limit': '300.00',
      })
      const pin = { block: desk.keyIn('135790', c1.card.number) }
      await pay(
        desk,
        'and with it the same tap goes through',
        { ...body, pin },
        {
          status: 201,
          account: '320.00',
          'quick.pin': 'checked',
        },
      )
      const u1 = desk.holder('U1')
      const records = [90, 91].map((sequence) => recordOf(desk, u1, '70.00', sequence))
      await desk.upload('a till that had no line uploads what it kept', records, [201, 201])
      await desk.upload(
        'and once more, the other way round: nothing twice',
        records.toReversed(),
        [201, 201],
      )
      await desk.ask({
        says: 'what the account did not have is owed by name, never a negative account',
        path: `/v1/ledger/accounts/receivable:510100:person:${u1.id}`,
        expect: { status: 200, credits: '0.00' },
      })
    },
  },
]
