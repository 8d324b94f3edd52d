// What a card desk does holds for the national interface at once: its credentials are judged by the same card.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { person } from './envelopes.ts'
import { openServed, type Served } from './served.ts'

let served: Served
beforeAll(async () => {
  served = await openServed()
})
afterAll(() => served.close())

const shown = (...kinds: readonly string[]) => ({
  desk: { division: '510100', operator: 'op1' },
  documents: kinds.map((kind) => ({ kind })),
})
const byCard = (number: string, serial: string) => ({
  data: { mdtrt_cert_type: '03', mdtrt_cert_no: number, card_sn: serial },
})

test('a lost card is refused by the next 1101, its holder’s number is not, and the new card is known', async () => {
  const { card, citizenNumber } = person('E1')
  const { number, serial } = card
  const desk = async (service: string, id: string, body: object) =>
    (await served.post(`/v1/cards/${id}/${service}`, body)).json
  await served.done('1101', byCard(number, serial))
  await desk('formal-loss', number, shown('id-document'))
  const { infcode, err_msg } = await served.send('1101', byCard(number, serial))
  expect([infcode, err_msg]).toEqual([-1, expect.stringContaining('正式挂失')])
  await served.done('1101', { data: { mdtrt_cert_type: '02', mdtrt_cert_no: citizenNumber } })
  const { newCard } = await desk('reissue', number, shown('id-document'))
  const { id } = newCard as { id: string }
  const { make } = await desk('making', id, shown())
  await desk('delivery', id, shown('id-document'))
  const fresh = make as { number: string; serial: string }
  expect((await served.send('1101', byCard(fresh.number, fresh.serial))).err_msg).toContain('启用')
  await desk('activation', id, shown('own-card', 'id-document'))
  await served.done('1101', byCard(fresh.number, fresh.serial))
  expect((await served.send('1101', byCard(number, serial))).err_msg).toContain('替换')
})
