import { describe, expect, test } from 'vitest'
import type { Kept } from '../../engine/dossier.ts'
import { subjectKey } from '../../engine/dossier.ts'
import { type Filed, withFiling, withoutFiling } from '../../engine/filed.ts'
import {
  filingSubject,
  isFiling,
  makeFiling,
  readFiling,
  withdrawFiling,
} from '../../engine/filing.ts'
import type { Person } from '../../engine/person.ts'
import { isRefusal } from '../../engine/refusal.ts'
import { day } from './support/packs.ts'
import { facts, person, today } from './support/world.ts'

const number = '01J000000000000000000000000001'
const subject = filingSubject('P1', number)
const at = 'H51010000001'
const span = (from: string, until?: string): Pick<Filed, 'from' | 'until'> => ({
  from: day(from),
  until: until === undefined ? undefined : day(until),
})
const referral: Filed = { kind: 'referral', careRegion: '440100', ...span('2026-02-01') }
const disease: Filed = { kind: 'disease', code: 'M1', name: 'a', ...span('2026-01-01') }
const designation: Filed = {
  kind: 'designation',
  institution: 'H2',
  disease: 'M1',
  ...span('2026-06-01', '2026-08-31'),
}

function filed(to: Person, ...all: readonly Filed[]): Person {
  return all.reduce((one, filing) => {
    const next = withFiling(one, filing)
    if (isRefusal(next)) throw new Error(next.code)
    return next
  }, to)
}

const code = (value: unknown): unknown => (isRefusal(value) ? [value.code, value.facts] : value)

describe('a referral', () => {
  test('is filed for a region and days, and not twice for the same days', () => {
    const once = filed(person(), referral)
    expect(once.filings).toEqual([
      { kind: 'referral', careRegion: '440100', from: '2026-02-01', until: undefined },
    ])
    expect(code(withFiling(once, { ...referral, ...span('2026-05-01') }))).toEqual([
      'entry-already-there',
      { entry: '440100', from: '2026-02-01' },
    ])
    expect(filed(once, { ...referral, careRegion: '310100' }).filings).toHaveLength(2)
  })

  test('ends yesterday when it is withdrawn, and was never where it begins today or later', () => {
    const long = { ...referral, ...span('2025-01-01', '2025-12-31') }
    const later = { ...referral, careRegion: '310100', ...span('2026-11-23') }
    const all = filed(person(), long, referral, later)
    expect(withoutFiling(all, referral, today).filings.map((f) => f.until)).toEqual([
      '2025-12-31',
      '2026-11-22',
      undefined,
    ])
    expect(withoutFiling(all, later, today).filings).toHaveLength(2)
    expect(withoutFiling(all, long, today)).toEqual(all)
  })
})

describe('a filed disease', () => {
  test('is filed for some days, and not twice for the same days', () => {
    const once = filed(person(), { ...disease, ...span('2026-01-01', '2026-06-30') })
    expect(once.diseases).toEqual([
      { code: 'M1', name: 'a', from: '2026-01-01', until: '2026-06-30' },
    ])
    expect(code(withFiling(once, { ...disease, ...span('2026-06-30') }))).toEqual([
      'entry-already-there',
      { entry: 'M1', from: '2026-01-01', until: '2026-06-30' },
    ])
    expect(filed(once, { ...disease, ...span('2026-07-01') }).diseases).toHaveLength(2)
    expect(filed(once, { ...disease, code: 'M2' }).diseases).toHaveLength(2)
  })

  test('ends yesterday when it is withdrawn, with all that was designated for it', () => {
    const all = filed(person(), disease, { ...disease, code: 'M2' }, designation)
    const left = withoutFiling(all, disease, today).diseases
    expect(left.map((d) => [d.code, d.from, d.until])).toEqual([
      ['M1', '2026-01-01', '2026-05-31'],
      ['M1', '2026-06-01', '2026-08-31'],
      ['M1', '2026-09-01', '2026-11-22'],
      ['M2', '2026-01-01', undefined],
    ])
  })
})

describe('a designated institution', () => {
  test('restricts a filed disease to it on the days it is designated for', () => {
    const all = filed(person(), disease, designation)
    expect(all.diseases.map((d) => [d.from, d.until, d.institutions])).toEqual([
      ['2026-01-01', '2026-05-31', undefined],
      ['2026-06-01', '2026-08-31', ['H2']],
      ['2026-09-01', undefined, undefined],
    ])
    const more = filed(all, { ...designation, institution: 'H3', ...span('2026-08-01') })
    expect(more.diseases.map((d) => [d.from, d.institutions])).toEqual([
      ['2026-01-01', undefined],
      ['2026-06-01', ['H2']],
      ['2026-08-01', ['H2', 'H3']],
      ['2026-09-01', ['H3']],
    ])
  })

  test('needs the disease filed, and is designated once', () => {
    expect(code(withFiling(person(), designation))).toEqual([
      'disease-not-filed',
      { disease: 'M1', day: '2026-06-01' },
    ])
    expect(code(withFiling(filed(person(), disease, designation), designation))).toEqual([
      'entry-already-there',
      { entry: 'H2', from: '2026-06-01', until: '2026-08-31' },
    ])
  })

  test('is one no longer from today when it is withdrawn', () => {
    const open = { ...designation, ...span('2026-06-01') }
    const other = { ...open, institution: 'H3' }
    const all = filed(person(), disease, open, other)
    expect(withoutFiling(all, open, today).diseases.map((d) => [d.from, d.institutions])).toEqual([
      ['2026-01-01', undefined],
      ['2026-06-01', ['H2', 'H3']],
      [today, ['H3']],
    ])
    const later = { ...designation, ...span('2027-01-01') }
    const never = withoutFiling(filed(person(), disease, later), later, today)
    expect(never.diseases.every((d) => d.institutions === undefined)).toBe(true)
  })

  test('in general is kept, and changes nothing about the person', () => {
    const general: Filed = { kind: 'designation', institution: 'H2', ...span('2026-06-01') }
    const same = person()
    expect(withFiling(same, general)).toBe(same)
    expect(withoutFiling(same, general, today)).toBe(same)
  })
})

describe('the dossier of a filing', () => {
  const details = { refl_rea: 'invented' }
  const made = makeFiling({ facts: facts() }, subject, disease, details)
  const kept = (kind: string, body: Kept['body'], institution = at): Kept => ({
    version: 1,
    kind,
    body,
    institution,
    at: 0,
  })
  const first = kept('filed', { filed: disease as never, details })
  const found = (own: readonly Kept[], by: Partial<Person> | undefined = {}) => ({
    dossiers: new Map([[subjectKey(subject), own]]),
    facts: facts({ person: by && person(by) }),
    today,
  })
  const asked = { kind: 'disease', institution: at, details: {} } as const

  test('tells what was filed, by whom, and whether it was withdrawn', () => {
    expect(made).toMatchObject({
      entries: [{ subject, kind: 'filed', body: { filed: disease, details } }],
      person: { diseases: [{ code: 'M1' }] },
    })
    expect(isFiling(subject.name)).toBe(true)
    const told = { number, filed: disease, details, institution: at }
    expect(readFiling(subject, [first])).toEqual({ ...told, withdrawn: undefined })
    expect(readFiling(subject, [first, kept('withdrawn', { from: today })])).toEqual({
      ...told,
      withdrawn: today,
    })
    expect(readFiling(subject, [])).toBeUndefined()
  })

  test('takes one withdrawal, from the institution that filed, of the same kind', () => {
    const own = { diseases: [{ code: 'M1', name: 'a', from: day('2026-01-01') }] }
    expect(withdrawFiling(found([first], own), subject, asked)).toEqual({
      entries: [{ subject, kind: 'withdrawn', body: { from: today, details: {} } }],
      person: person({ diseases: [{ ...own.diseases[0], until: '2026-11-22' }] as never }),
    })
    const unknown = ['entry-unknown', { entry: number }]
    const twice = found([first, kept('withdrawn', { from: today })])
    expect(code(withdrawFiling(twice, subject, asked))).toEqual(unknown)
    expect(code(withdrawFiling(found([]), subject, asked))).toEqual(unknown)
    const other = { ...asked, institution: 'H9' }
    expect(code(withdrawFiling(found([first]), subject, other))).toEqual(unknown)
    expect(code(withdrawFiling(found([first]), subject, { ...asked, kind: 'referral' }))).toEqual(
      unknown,
    )
  })

  test('is of a person who is known, and says so where a filing is refused', () => {
    const nobody = { ...found([first]), facts: facts({ person: undefined }) }
    expect(code(withdrawFiling(nobody, subject, asked))).toEqual(['person-unknown', {}])
    expect(code(makeFiling(nobody, subject, disease, {}))).toEqual(['person-unknown', {}])
    expect(code(makeFiling({ facts: facts() }, subject, designation, {}))).toEqual([
      'disease-not-filed',
      { disease: 'M1', day: '2026-06-01' },
    ])
  })
})
