import { expect, test } from 'vitest'
import { parseDay } from '../../engine/day.ts'
import { refuse } from '../../engine/refusal.ts'
import { regionAsker } from '../../engine/institution.ts'
import {
  Abroad,
  asAsking,
  awayClaim,
  cancel,
  hospital,
  reverse,
  settle,
  settledRow,
  words,
} from './support/abroad.ts'

const silent = refuse('home-region-unreachable', { region: '500100' })

test('a claim that waits for its home region is not refused for what became true meanwhile', async () => {
  const abroad = new Abroad()
  const asking = asAsking(await abroad.care.take(settle('K1')))
  abroad.care.books.institutions.set(hospital.code, {
    ...hospital,
    terminated: parseDay('2026-01-31'),
  })
  expect(await abroad.care.take(settle('K1'))).toEqual({ kind: 'unknown' })
  expect(words(await abroad.care.take(settle('K2')))).toBe('institution-terminated')
  abroad.care.books.institutions.set(hospital.code, hospital)
  const told = await abroad.tell(settle('K1'), asking, await abroad.answer(asking))
  expect(told.kind).toBe('settled')
})

test('a cancellation that waits for its home region is not refused for a reversal that came meanwhile', async () => {
  const abroad = new Abroad()
  const { settlement } = settledRow(await abroad.through(settle('K1')))
  const asking = asAsking(await abroad.care.take(cancel('C1', settlement)))
  expect(words(await abroad.care.take(reverse('R1', 'K1')))).toBe('reversed reversal')
  expect(await abroad.care.take(cancel('C1', settlement))).toEqual({ kind: 'unknown' })
  const ended = await abroad.tell(cancel('C1', settlement), asking, await abroad.answer(asking))
  expect(words(ended)).toBe('already-undone')
  expect(abroad.crossing('C1')?.state).toBe('done')
})

test('where the home region is silent, what stands under a key is told, and nothing begins', async () => {
  const abroad = new Abroad()
  const first = await abroad.through(settle('K1'))
  const again = await abroad.care.take({ ...settle('K1'), unwelcome: silent })
  expect(again).toEqual({ ...first, replayed: true })
  asAsking(await abroad.care.take(settle('K2', { lines: awayClaim().lines })))
  expect(await abroad.care.take({ ...settle('K2'), unwelcome: silent })).toEqual({
    kind: 'unknown',
  })
  expect(await abroad.care.take({ ...settle('K3'), unwelcome: silent })).toEqual({
    kind: 'refused',
    refusal: silent,
    replayed: false,
  })
  expect(abroad.crossing('K3')).toBeUndefined()
})

test('a part of a stay that its care region gave up is reversed at home although a later part stands', async () => {
  const abroad = new Abroad()
  const stay = (discharge: string, interim: boolean) => ({
    visit: 'V1',
    care: 'inpatient' as const,
    stay: { admission: parseDay('2026-11-01'), discharge: parseDay(discharge), interim },
  })
  const part = settle('K1', stay('2026-11-10', true))
  const asking = asAsking(await abroad.care.take(part))
  await abroad.answer(asking)
  const lines = awayClaim().lines.map((line) => ({ ...line, id: '2' }))
  settledRow(await abroad.through(settle('K2', { ...stay('2026-11-20', false), lines })))
  const advice = {
    ...reverse('H1 K1 reversal', asking.crossing.reference),
    key: { institution: regionAsker('510100'), key: 'advice', fingerprint: 'a', input: '' },
    original: { institution: regionAsker('510100'), key: asking.crossing.reference },
  }
  expect(words(await abroad.home.take(advice))).toBe('reversed reversal')
})
