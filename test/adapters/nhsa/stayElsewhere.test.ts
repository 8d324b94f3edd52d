import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { nextMsgid } from './envelopes.ts'
import { openServed, type Served } from './served.ts'
import { wards } from './wards.ts'

const hospitals = ['H51010000001', 'H51010000002', 'H51010000003', 'H51010000004'] as const
const [here, there] = hospitals
const refused = (said: string) => ({ infcode: -1, err_msg: expect.stringContaining(said) })
const done = { infcode: 0 }
const from = (day: string) => ({ begntime: `${day} 09:00:00` })
const until = (day: string) => ({ endtime: `${day} 15:00:00` })

describe('a stay in another hospital', () => {
  let served: Served
  beforeAll(async () => {
    served = await openServed()
  })
  afterAll(() => served.close())
  const at = (key: string, institution: string) => wards(served, key, { institution })

  test('stands in the way of an admission, and is told with its hospital', async () => {
    const [first, second] = [at('E2', here), at('E2', there)]
    const mdtrt_id = await first.admitted(from('2026-02-20'))
    const asked = { ...from('2026-02-25'), ipt_no: 'I7' }
    const msgid = nextMsgid(there)
    expect(await second.admit(asked, undefined, { msgid })).toMatchObject(refused(here))
    await first.discharge(mdtrt_id, until('2026-02-25'))
    // What was refused stays refused; on the day of the discharge the next stay begins (转院).
    expect(await second.admit(asked, undefined, { msgid })).toMatchObject(refused(here))
    const moved = await second.admitted(asked)
    expect(await first.of('2405', mdtrt_id)).toMatchObject(refused(there))
    expect(await second.change(moved, from('2026-02-24'))).toMatchObject(refused('2026-02-20'))
    expect(await second.change(moved, from('2026-02-26'))).toMatchObject(done)
    expect(await second.of('2404', moved)).toMatchObject(done)
    expect(await first.of('2405', mdtrt_id)).toMatchObject(done)
    expect(await served.violations()).toEqual([])
  })

  test('stands in the way of a day within it when it is over, in whatever hospital', async () => {
    const [first, second] = [at('E1', here), at('E1', there)]
    const mdtrt_id = await first.admitted(from('2026-02-10'))
    await first.discharge(mdtrt_id, until('2026-02-15'))
    for (const ward of [first, second])
      expect(await ward.admit(from('2026-02-12'))).toMatchObject(refused('2026-02-15'))
    expect(await second.admit(from('2026-02-15'))).toMatchObject(done)
  })

  test.each(['A1', 'C1', 'D1', 'R1', 'P1'])(
    'is one where four hospitals admit %s at the same moment',
    async (key) => {
      const replies = await Promise.all(hospitals.map(async (one) => at(key, one).admit()))
      expect(replies.map(({ infcode }) => infcode).toSorted()).toEqual([-1, -1, -1, 0])
      const winner = hospitals[replies.findIndex(({ infcode }) => infcode === 0)] ?? ''
      for (const reply of replies)
        if (reply.infcode !== 0) expect(reply).toMatchObject(refused(winner))
    },
  )
})

test('a stay in another hospital is only told where the region takes it', async () => {
  const rules = mkdtempSync(join(tmpdir(), 'rules-'))
  cpSync('rules', rules, { recursive: true })
  const file = join(rules, 'national-interface.yaml')
  const text = readFileSync(file, 'utf8')
  writeFileSync(file, text.replace('stayElsewhere: {value: refuse', 'stayElsewhere: {value: warn'))
  const served = await openServed({ RULES_DIR: rules })
  try {
    const [first, second] = [here, there].map((one) => wards(served, 'E2', { institution: one }))
    await first?.admitted()
    expect(await first?.admit()).toMatchObject(refused('住院'))
    expect(await second?.admit()).toMatchObject({
      ...done,
      warn_msg: expect.stringContaining('其他定点医药机构'),
    })
  } finally {
    await served.close()
    rmSync(rules, { recursive: true })
  }
})
