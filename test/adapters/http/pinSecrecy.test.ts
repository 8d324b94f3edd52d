import { afterAll, beforeAll, expect, test } from 'vitest'
import { byPin, eCardsAt } from '../../support/eCards.ts'
import { personOf, pinBody, readerAt } from '../../support/reader.ts'
import { envelope, signed } from '../nhsa/envelopes.ts'
import { openServed } from './served.ts'

/** A PIN that stands nowhere in the sandbox. */
const marker = '739146'
/** By itself, so that a longer number which happens to hold it is none. */
const alone = new RegExp(`(?<![0-9A-Za-z])${marker}(?![0-9A-Za-z])`)

let served: Awaited<ReturnType<typeof openServed>>
const answers: string[] = []
beforeAll(async () => {
  served = await openServed()
})
afterAll(() => served.close())

const keep = <T extends { text: string }>(told: T): T => {
  answers.push(told.text)
  return told
}
const post: typeof served.post = async (...asked) => keep(await served.post(...asked))

/** Every column of every table as text: what of it tells the PIN, in letters or in bytes. */
async function hitsInDatabase(): Promise<string[]> {
  const { rows: columns } = await served.owner.query<{
    table: string
    column: string
    type: string
  }>(
    `select table_name as table, column_name as column, data_type as type from information_schema.columns
     where table_schema = 'public' and table_name in (select tablename from pg_tables where schemaname = 'public')`,
  )
  expect(columns.length).toBeGreaterThan(100)
  const inBytes = Buffer.from(marker).toString('hex')
  const hits = await Promise.all(
    columns.map(async ({ table, column, type }) => {
      const isBytes = type === 'bytea'
      const text = isBytes ? `encode("${column}", 'hex')` : `"${column}"::text`
      const pattern = isBytes ? `^(..)*${inBytes}` : `\\m${marker}\\M`
      const { rows } = await served.owner.query(
        `select count(*)::int as hits from "${table}" where ${text} ~ $1`,
        [pattern],
      )
      return rows[0].hits > 0 ? [`${table}.${column}`] : []
    }),
  )
  return hits.flat()
}

test('a PIN that is keyed in, right or wrong, stands in no log, no answer and no table', async () => {
  const desk = { division: '510100', operator: 'OP01' }
  const terminal = { division: '510100', id: 'POS-0001' }
  const documents = [
    { kind: 'id-document', number: personOf('E1').citizenNumber },
    { kind: 'own-card' },
  ]
  const { number } = personOf('E1').card
  const block = (pin: string, key = 'E1') => pinBody(pin, key).block
  // Changed to the marker, and used as the right one from then on.
  const change = { desk, documents, terminal, oldPin: block('135790'), newPin: block(marker) }
  expect((await post(`/v1/cards/${number}/pin`, change)).status).toBe(201)
  const reader = readerAt(post)
  expect((await reader.read('E1', { pin: pinBody(marker, 'E1') })).json['pin']).toBe('checked')
  expect((await eCardsAt(post).ask('E1', byPin('E1', marker))).status).toBe(201)
  // Wrong at every door that takes one.
  await reader.read('E2', { pin: pinBody(marker, 'E2') })
  await eCardsAt(post).ask('E2', byPin('E2', marker))
  await post('/v1/e-cards', byPin('C1', marker))
  await post('/v1/e-cards/closing', byPin('C1', marker))
  const { number: other } = personOf('R1').card
  await post(`/v1/cards/${other}/pin`, {
    ...change,
    oldPin: block(marker, 'R1'),
    newPin: block(marker, 'R1'),
  })
  const reset = { desk, documents, terminal, newPin: block(marker, 'R1') }
  await post(`/v1/cards/${other}/pin-reset`, reset)
  // Locked by it, and asked again.
  for (let i = 0; i < 3; i++) await reader.read('W1', { pin: pinBody(marker, 'W1') })
  expect((await reader.read('W1', { pin: pinBody(marker, 'W1') })).json['code']).toBe(
    'card-pin-locked',
  )
})

test('one that is sent in the clear by mistake, to whatever door, stands there neither', async () => {
  const { paths } = (await served.ask('/openapi.json')).json as {
    paths: Record<string, Record<string, unknown>>
  }
  const reader = { institution: 'H51010000002', terminal: 'POS-0001', cryptogram: marker }
  const bodies = [
    { pin: marker },
    { pin: { block: marker, terminal: { division: '510100', id: 'T' } } },
    { ...reader, card: { number: 'D80000001', cardSn: marker }, challenge: 'X' },
    {
      desk: { division: '510100', operator: 'OP01' },
      oldPin: marker,
      newPin: marker,
      terminal: {},
    },
    marker,
  ]
  for (const [path, methods] of Object.entries(paths))
    for (const method of Object.keys(methods)) {
      const url = path.replace('{id}', personOf('E1').card.number).replace('{region}', '510100')
      if (method === 'get') keep(await served.ask(url))
      else for (const body of bodies) await post(url, body)
    }
  const input = { data: { mdtrt_cert_type: '03', mdtrt_cert_no: 'D80000001', card_sn: marker } }
  const wired = await served.ask('/fsi/api/1101', {
    method: 'POST',
    headers: signed(),
    body: JSON.stringify(envelope('1101', input)),
  })
  expect(keep(wired).json).toMatchObject({ infcode: -1 })
})

test('there was nothing to find', async () => {
  expect(answers.length).toBeGreaterThan(150)
  expect(answers.filter((text) => alone.test(text))).toEqual([])
  expect(served.logged.filter((line) => alone.test(line))).toEqual([])
  expect(await hitsInDatabase()).toEqual([])
})
