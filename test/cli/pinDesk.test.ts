import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readWorld } from '../../adapters/sandbox/world.ts'
import { simulateTerminal } from '../../adapters/simulator/terminal.ts'
import type { Card } from '../../engine/card.ts'
import { openServed } from '../adapters/http/served.ts'

const sandbox = readWorld('rules')
let served: Awaited<ReturnType<typeof openServed>>
beforeAll(async () => {
  served = await openServed()
})
afterAll(() => served.close())

const terminal = { division: '510100', id: 'T0000001' }
const cardOf = (key: string): Card => {
  const found = sandbox.people.find((one) => one.key === key)
  if (!found) throw new Error(`no ${key}`)
  return { ...found.card, id: key }
}
const enter = (pin: string, { number }: Card) => ({
  terminal,
  block: simulateTerminal(terminal).pinBlock(pin, number),
})
const check = async (key: string, pin: string) => {
  const card = cardOf(key)
  const { pins } = served.desk
  if (!pins) throw new Error('the sandbox has keys')
  return pins.check(card, enter(pin, card), 'H51010000001')
}

describe('PINs in the sandbox', () => {
  it('are 135790 on every card; a wrong one leaves two tries and a right one gives them back', async () => {
    expect(await check('E1', '135791')).toEqual({ kind: 'wrong', left: 2 })
    expect(await check('E1', '135790')).toEqual({ kind: 'right', initial: false })
    expect(await check('E1', '739146')).toEqual({ kind: 'wrong', left: 2 })
  })

  it('lock after three wrong ones in Chengdu and six in Mianyang, and then the right one is told the same', async () => {
    const left = []
    for (let i = 0; i < 4; i++) left.push(await check('R1', '739146'))
    expect(left.map((one) => ('left' in one ? one.left : one.kind))).toEqual([2, 1, 0, 'locked'])
    expect(await check('R1', '135790')).toEqual({ kind: 'locked' })
    expect(await check('Y1', '739146')).toEqual({ kind: 'wrong', left: 5 })
  })

  it('that came locked stay locked', async () => {
    expect(await check('X4', '135790')).toEqual({ kind: 'locked' })
  })

  it('of a block that is not for this card count as wrong', async () => {
    const card = cardOf('C1')
    const block = enter('135790', cardOf('E2')).block
    expect(await served.desk.pins?.check(card, { terminal, block }, 'H1')).toEqual({
      kind: 'wrong',
      left: 2,
    })
  })

  it('that a holder chooses are six digits that nobody guesses first', () => {
    const card = cardOf('C1')
    expect(served.desk.pins?.accept(card, enter('111111', card))).toEqual({
      refused: 'all-the-same',
    })
    expect(served.desk.pins?.accept(card, enter('739146', card))).toMatchObject({
      keyVersion: 1,
      verifier: expect.stringMatching(/^[0-9a-f]+$/),
    })
  })

  it('stand nowhere in the log or the database', async () => {
    const { rows } = await served.owner.query('select pin_try::text as t from pin_try')
    expect(JSON.stringify([rows, served.logged])).not.toMatch(/135790|739146/)
  })
})
