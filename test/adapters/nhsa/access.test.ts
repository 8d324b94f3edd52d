import { afterAll, beforeAll, expect, test } from 'vitest'
import { person } from './envelopes.ts'
import { openServed, type Served } from './served.ts'

let served: Served
beforeAll(async () => {
  served = await openServed()
})
afterAll(() => served.close())

const institution = 'H51010000001'
const always = { begntime: '2000-01-01 00:00:00', endtime: '2099-12-31 23:59:59' }

/** What stands in the access log, as who and what and whose. */
const kept = async (): Promise<string[]> =>
  (
    await served.owner.query<{ told: string }>(
      `select concat_ws(' ', caller, role, action, subject, person) as told from access_log order by position`,
    )
  ).rows.map(({ told }) => told)

test('what an institution is told of people over the national interface is in the access log, once for each time', async () => {
  const visit = await served.visit('E1', 321.09, { institution })
  const { psn_no, mdtrt_id } = visit as { psn_no: string; mdtrt_id: string }
  const before = await kept()
  const told = { mdtrt_cert_type: '02', mdtrt_cert_no: person('E1').citizenNumber }
  await served.done('1101', { data: told }, { institution })
  await served.done('5201', { data: { psn_no, mdtrt_id, ...always } }, { institution })
  await served.done('5206', { data: { psn_no, cum_ym: '202603' } }, { institution })
  await served.done('5301', { data: { psn_no } }, { institution })
  // An answer that names nobody is one about whom was asked.
  await served.done('5201', { data: { psn_no, mdtrt_id: 'none', ...always } }, { institution })
  const one = (infno: string) => `${institution} institution national ${infno} ${psn_no}`
  expect((await kept()).slice(before.length)).toEqual(
    ['1101', '5201', '5206', '5301', '5201'].map(one),
  )
})

test('who is not told anything is not in it', async () => {
  const before = await kept()
  const refused = await served.send('5301', { data: { psn_no: '0' } }, { institution })
  expect(refused.infcode).toBe(-1)
  await served.visit('E2', 12.5, { institution })
  const left = (await kept()).slice(before.length)
  expect(left.filter((told) => !told.includes('national 1101'))).toEqual([])
})

test('where the log cannot be written nobody is told of', async () => {
  await served.owner.query('revoke insert on access_log from jiesuan_app')
  const told = { mdtrt_cert_type: '02', mdtrt_cert_no: person('E1').citizenNumber }
  const reply = await served.send('1101', { data: told }, { institution })
  await served.owner.query('grant insert on access_log to jiesuan_app')
  expect(reply).toMatchObject({ infcode: -1, err_msg: expect.stringMatching(/^\[系统繁忙\]/) })
  expect(reply.text).not.toContain(person('E1').citizenNumber)
})
