import { refuseState } from '../../engine/authenticity.ts'
import type { PinShown } from '../../engine/claim.ts'
import type { Ask } from '../../engine/ports.ts'
import { refuse } from '../../engine/refusal.ts'
import { type App, sendProblem } from './app.ts'
import { Complaint } from './complaint.ts'
import { chinaDay } from './instant.ts'
import { readKey } from './key.ts'
import type { Desk } from './needs.ts'
import { type Told, tell } from './outcome.ts'
import { explain } from './problem.ts'
import { claimOfTap, isGenuine, type ReadTap, readTap } from './quickClaim.ts'
import type { TapDesk } from './quickNeeds.ts'
import { QuickBody } from './quickSchema.ts'
import { keyHeader, keyOf, replayedHeader, requireKey, send } from './settlements.ts'
import { SettlementAnswer } from './settlementSchema.ts'
import { problems } from './words.ts'

/** A bill at a till is short: 256 KiB, as over the national interface. */
const tapLimit = 262_144

/** Without keys no card can be proved, and so none can pay. */
export const noKeysHere = explain(
  refuse('quick-payment-not-offered', { because: 'no keys are here' }),
)

export const notGenuine = refuse('card-not-genuine', {
  because: 'the cryptogram is not of this card over this payment',
})

export function serveQuickPayments(app: App, desk: Desk): void {
  app.post(
    '/v1/quick-payments',
    {
      bodyLimit: tapLimit,
      onRequest: requireKey,
      schema: {
        tags: ['quick payments'],
        summary: 'Pay with a tap (非接触小额快速支付)',
        description:
          'A sale in a pharmacy, paid whole from the personal account, and from family accounts where the region lets it: never ' +
          'from a fund and never in cash. Under the limits of the region it goes without PIN; above one the answer is ' +
          '`card-pin-needed` with the limit and what is left, and the same tap with its PIN, under a new key, goes through. ' +
          'docs/quick-payments.md has every byte of the cryptogram.',
        headers: keyHeader,
        body: QuickBody,
        response: {
          201: { ...SettlementAnswer, headers: replayedHeader },
          ...problems([400, 404, 409, 413, 415, 422, 500, 503]),
        },
      },
    },
    async (request, reply) => {
      const key = readKey(request.headers['idempotency-key'])
      const { taps } = desk
      if (!taps) return sendProblem(reply, noKeysHere)
      const tap = readTap(request.body)
      if (!isGenuine(taps, tap)) return sendProblem(reply, explain(notGenuine))
      return send(reply, await (tap.body.pin ? payInTurn : pay)({ desk, taps, key, tap }))
    },
  )
}

interface Paying {
  readonly desk: Desk
  readonly taps: TapDesk
  readonly key: string
  readonly tap: ReadTap<QuickBody>
}

async function pay({ desk, key, tap }: Paying): Promise<Told> {
  const pin = await shownPin(desk, key, tap)
  return tell(await desk.submit(askToPay(desk, key, tap, pin), 'tap'))
}

/** Of two requests with one key and a PIN only one may try it. */
async function payInTurn(paying: Paying): Promise<Told> {
  const { taps, key, tap } = paying
  const name = `${tap.body.institution}\0${key}`
  if (!(await taps.takeTurn(name))) throw new Complaint('in-progress')
  try {
    return await pay(paying)
  } finally {
    await taps.giveTurn(name)
  }
}

function askToPay(desk: Desk, key: string, tap: ReadTap<QuickBody>, pin: PinShown): Ask {
  const { body } = tap
  const { pin: given, terminalSequence: sequence } = body
  // A PIN block is not kept, not even encrypted: its hash tells whether a repeat is one.
  const input = given ? { ...body, pin: desk.fingerprint(given.block.toLowerCase()) } : body
  return {
    kind: 'settle',
    key: keyOf(desk, body.institution, key, input),
    claim: claimOfTap(tap, chinaDay(desk.now()), { pin, sequence }),
  }
}

/**
 * What comes of the PIN. A repeat is told what it was told before, and a card that cannot pay is refused for that: neither
 * takes a try.
 */
async function shownPin(desk: Desk, key: string, { body }: ReadTap<QuickBody>): Promise<PinShown> {
  const { pin, institution, terminal, card: tapped } = body
  if (!pin || !desk.pins || (await desk.answered(institution, key))) return { kind: 'absent' }
  const card = await desk.cards.find(tapped.number)
  const now = desk.now()
  const usable = card?.serial === tapped.cardSn && !refuseState(card, now, chinaDay(now))
  if (!card || !usable) return { kind: 'absent' }
  const block = Buffer.from(pin.block, 'hex')
  return desk.pins.check(card, { terminal, block }, institution)
}
