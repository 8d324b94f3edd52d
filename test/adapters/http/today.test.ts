import { afterEach, expect, test } from 'vitest'
import { Fault } from '../../../engine/ports.ts'
import { memoryDesk, noAudit, noSeal, openDoor } from './desk.ts'

let door: Awaited<ReturnType<typeof openDoor>> | undefined
afterEach(() => door?.app.close())

test('how far the books are sealed and when they were proved is told where somebody does', async () => {
  const at = Date.parse('2026-03-02T08:59:00+08:00')
  const seal = {
    ...noSeal,
    sealedUpTo: async () => ({ size: 12n, at, root: new Uint8Array(32), note: '' }),
  }
  const round = { round: 1, beganAt: at, provedAt: at, slices: [], findings: [] }
  const audit = { ...noAudit, last: async () => round }
  door = await openDoor({ ...memoryDesk(), seal, audit })
  expect((await door.app.inject('/v1/today')).json()).toMatchObject({
    day: '2026-03-02',
    sealed: { size: 12, at: '2026-03-02T08:59:00.000+08:00' },
    proved: { at: '2026-03-02T08:59:00.000+08:00', findings: 0 },
    latency: { p50_ms: null, p99_ms: null },
  })
})

test('where it never was sealed or proved, nothing is', async () => {
  door = await openDoor({ ...memoryDesk(), seal: noSeal, audit: noAudit })
  expect((await door.app.inject('/v1/today')).json()).toMatchObject({ sealed: null, proved: null })
})

test('however many look at once the books are asked once, and a fault is asked again', async () => {
  const desk = memoryDesk()
  let asked = 0
  const find = {
    ...desk.find,
    async unjournaled(): Promise<number> {
      if (++asked === 1) throw new Fault('unavailable', 'the database is away')
      return 7
    },
  }
  door = await openDoor({ ...desk, find })
  expect((await door.app.inject('/v1/today')).statusCode).toBe(503)
  const { app } = door
  const told = await Promise.all(Array.from({ length: 50 }, () => app.inject('/v1/today')))
  for (const one of told) expect(one.json()).toMatchObject({ unjournaled: 7 })
  expect(asked).toBe(2)
})
