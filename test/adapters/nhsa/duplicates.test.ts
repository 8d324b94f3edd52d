import { afterAll, beforeAll, expect, test } from 'vitest'
import { openServed, type Served } from './served.ts'

// The same bill of another visit (decision 20): Mianyang refuses it within a minute at one terminal (dev_no).

let served: Served
beforeAll(async () => {
  served = await openServed()
})
afterAll(() => served.close())

const institution = 'H51070000001'
const at = (dev_no: string) => ({ institution, more: { dev_no } })

/** A visit of its own, with a line of so many yuan, at a terminal. */
async function visit(terminal: string, yuan: number): Promise<unknown> {
  const words = at(terminal)
  const mdtrt_id = await served.register('E1', words)
  await served.upload('E1', mdtrt_id, [{ yuan }], words)
  return served.bill('E1', mdtrt_id, yuan)
}

test('is refused at the same terminal, told as what it was settled, and settled and warned of at another', async () => {
  const first = await served.send('2207', await visit('POS-1', 36), at('POS-1'))
  expect(first).toMatchObject({ infcode: 0, warn_msg: '' })
  const { setl_id } = first.output.setlinfo
  const again = await visit('POS-1', 36)
  for (const infno of ['2206', '2207']) {
    const refused = await served.send(infno, again, at('POS-1'))
    expect(refused.infcode).toBe(-1)
    expect(refused.err_msg).toContain(setl_id)
  }
  const elsewhere = await served.send('2207', again, at('POS-2'))
  expect(elsewhere.infcode).toBe(0)
  expect(elsewhere.warn_msg).toContain(setl_id)
  const { items } = (await served.ask('/v1/anomalies/same-bill')).json as {
    items: { settlements: string[] }[]
  }
  expect(items.map(({ settlements }) => settlements)).toEqual([
    [elsewhere.output.setlinfo.setl_id, setl_id],
  ])
  expect(await served.violations()).toEqual([])
})

test('is another bill where a fen differs, or where no terminal is told', async () => {
  await served.send('2207', await visit('POS-1', 41), at('POS-1'))
  const other = await served.send('2207', await visit('POS-1', 41.01), at('POS-1'))
  expect(other).toMatchObject({ infcode: 0, warn_msg: '' })
  const silent = await served.send('2207', await visit('', 41), at(''))
  expect(silent.infcode).toBe(0)
  expect(silent.warn_msg).not.toBe('')
})
