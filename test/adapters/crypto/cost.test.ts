import { afterAll, expect, test } from 'vitest'
import { cardOf, entered, sandboxStore, tapOf, terminal } from './support.ts'

const store = sandboxStore()
const found: string[] = []
afterAll(() => console.log(`microseconds on the main thread, median:\n${found.join('\n')}`))

/** Half of the runs take no longer than this; the other half may have met the machine's other work. */
function median(run: () => unknown): number {
  const times: number[] = []
  for (let i = 0; i < 2000; i++) {
    const start = process.hrtime.bigint()
    run()
    times.push(Number(process.hrtime.bigint() - start) / 1000)
  }
  return times.toSorted((a, b) => a - b)[1000] as number
}

const card = cardOf()
const old = cardOf({ algorithm: '3des' })
const challenge = store.newChallenge()
const [answer, oldAnswer] = [card.answer(challenge), old.answer(challenge)]
const { tap, mac } = tapOf(card)
const record = Buffer.alloc(300, 7)
const recordMac = terminal.mac(record)
const entry = entered('739146')
const kept = store.pinVerifier(entry) as { verifier: Buffer; keyVersion: number }

test.each<[string, () => unknown]>([
  ['a card cryptogram, SM4', () => store.verifyCardCryptogram(card, challenge, answer)],
  ['a card cryptogram, 3DES', () => store.verifyCardCryptogram(old, challenge, oldAnswer)],
  ['an external value', () => store.externalValue(card, challenge)],
  ['a tap', () => store.verifyTapCryptogram(card, tap, mac)],
  ['a record of 300 bytes', () => store.verifyTerminalMac(terminal, record, recordMac)],
  ['a PIN', () => store.checkPin(entry, kept)],
])('%s costs the main thread under 0.2 ms', (name, run) => {
  const cost = median(run)
  found.push(`${cost.toFixed(1).padStart(8)}  ${name}`)
  expect(cost).toBeLessThan(200)
})
