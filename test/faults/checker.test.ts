import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openBench, openPlace, type Place } from './bench.ts'
import { Checker, type Verdict } from './checker.ts'
import { finalOf, type Story, wordsOf } from './client.ts'
import { createRandom } from './random.ts'
import { Workload } from './workload.ts'

// An oracle that finds nothing is worth something only if it finds what was planted.

let place: Place
let stories: Story[]
let settled: Story
let refused: Story
let undone: Story
let copies = 0

beforeAll(async () => {
  place = await openPlace()
  const bench = await openBench(place, 'answered')
  const { clients } = bench
  const random = createRandom('planted')
  const workload = new Workload(random, 'planted')
  const asked = Array.from({ length: 40 }, () => clients.write(workload.claim()))
  await clients.finish(asked, random)
  const done = asked.filter((story) => finalOf(story)?.status === 201)
  ;[settled, undone] = done as [Story, Story]
  refused = asked.find((story) =>
    /^card-|^coverage-|^institution-not/.test(wordsOf(story)['code'] ?? ''),
  ) as Story
  const cancel = workload.cancellation(idOf(undone), undone.op.institution)
  await clients.finish([clients.write(cancel)], random)
  stories = [...clients.stories]
  await bench.judge(random)
  // A database is copied only while nobody is connected to it.
  await bench.engine.stop()
  await bench.end()
}, 60_000)

afterAll(() => place.remove())

const clean: Verdict = { lost: [], doubled: [], unexplained: [] }
const idOf = (story: Story): string => wordsOf(story)['id'] ?? ''

/** What the oracle says once this was done behind its back, or these stories were told instead. */
async function judge(plant: string, told: readonly Story[] = stories): Promise<Verdict> {
  const url = await place.database.fresh(`planted_${++copies}`, 'answered')
  const owner = new pg.Client({ connectionString: url })
  await owner.connect()
  try {
    await owner.query(plant)
  } finally {
    await owner.end()
  }
  const checker = new Checker(url)
  try {
    return await checker.judge(told)
  } finally {
    await checker.close()
  }
}

/** The stories with one of them told otherwise. */
const instead = (story: Story, changes: Partial<Story>): Story[] =>
  stories.map((each) => (each === story ? { ...each, ...changes } : each))

const answering = (story: Story, changes: object): Story[] => {
  const body = { ...(finalOf(story)?.body as object), ...changes }
  return instead(story, { answers: [{ status: 201, body }] })
}

test('what was answered and stored is clean', async () => {
  expect(await judge('select 1')).toEqual(clean)
})

test('a settlement that was answered and is gone is lost', async () => {
  const id = idOf(settled)
  const { lost } = await judge(`
    delete from answer where posting_id = '${id}'; delete from settlement where id = '${id}'`)
  expect(lost).toHaveLength(2)
})

test('an answer with another amount or another fund than the ledger has is lost', async () => {
  expect((await judge('select 1', answering(settled, { cash: '0.01' }))).lost).toHaveLength(1)
  const shares = [{ fund: 'pool', amount: '99.99' }]
  expect((await judge('select 1', answering(settled, { shares }))).lost).toHaveLength(1)
})

test('a bill that is in the ledger twice is doubled', async () => {
  const other = `${idOf(settled).slice(0, 29)}!`
  const { doubled, unexplained } = await judge(`
    insert into settlement
    select (jsonb_populate_record(s, '{"id": "${other}", "settlement_id": "${other}"}')).*
    from settlement s where id = '${idOf(settled)}'`)
  expect(doubled).toHaveLength(1)
  expect(unexplained.join()).toContain('check_answers')
})

test('a row that nobody was told of is unexplained', async () => {
  const { unexplained } = await judge(
    'select 1',
    stories.filter((story) => story !== settled),
  )
  expect(unexplained.join()).toContain('all answers add up to')
})

test('a refusal of what stands in the ledger is unexplained', async () => {
  const answers = finalOf(refused)
  const { unexplained } = await judge(
    'select 1',
    instead(settled, { answers: answers ? [answers] : [] }),
  )
  expect(unexplained.join()).toContain('), stored is settled')
})

test('two different final answers, none at all, and a busy that was not are unexplained', async () => {
  const [one] = settled.answers
  const other = { status: 422, body: { code: 'card-cancelled' } }
  const two = await judge('select 1', instead(settled, { answers: one ? [one, other] : [] }))
  expect(two.unexplained.join()).toContain('two final answers differ')
  const none = await judge('select 1', instead(refused, { told: ['nothing'], answers: [] }))
  expect(none.unexplained.join()).toContain('no final answer after nothing')
  const busy = await judge('select 1', instead(settled, { told: ['busy', 'replayed'] }))
  expect(busy.unexplained.join()).toContain('was told that nothing had happened, and it had')
})

test('an amount changed in a transfer, a balance and a running sum are found by the checks of the books', async () => {
  const changed = await judge(`
    update transfer set amount_fen = amount_fen + 1
    where posting_id = '${idOf(settled)}' and leg = 1`)
  expect(changed.unexplained.join()).toContain('check_transfers')
  const balance = await judge(`
    update account_version set balance_fen = balance_fen + 1
    where (owner_id, account, version) in (
      select owner_id, account, max(version) from account_version group by 1, 2 limit 1)`)
  expect(balance.unexplained.join()).toContain('check_account_versions')
  expect(balance.unexplained.join()).toContain('accounts fell by')
  const counted = await judge(`
    update year_version v set counters = jsonb_set(v.counters, array[k.key], '"999999999"')
    from (select distinct on (owner_id, year) *, jsonb_object_keys(counters) as key
          from year_version order by owner_id, year, version desc) k
    where (v.owner_id, v.year, v.version) = (k.owner_id, k.year, k.version)`)
  expect(counted.unexplained.join()).toContain('check_counters')
})

test('a posting that stays without a place in the journal is unexplained', async () => {
  const { unexplained } = await judge(`delete from journal where posting_id = '${idOf(undone)}'`)
  expect(unexplained.join()).toContain('check_journal')
})
