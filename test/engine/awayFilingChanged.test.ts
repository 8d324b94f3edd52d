import { describe, expect, test } from 'vitest'
import { changeableFrom } from '../../engine/awayFiling.ts'
import { awayOf } from '../../engine/awayFilingChanged.ts'
import { subjectKey } from '../../engine/dossier.ts'
import { filingSubject, readFiling } from '../../engine/filing.ts'
import { usualFilingPolicy } from '../../engine/filingPolicy.ts'
import { day } from './support/packs.ts'
import { FilingDesk } from './support/filings.ts'

const commitment = { documents: [{ type: 'commitment' }] } as const
const residence = { kind: 'long-term-resident', ...commitment } as const
const { kinds } = usualFilingPolicy

describe('withdrawing a filing', () => {
  test('of long-term residence is for later, or a desk answers for it', () => {
    const at = new FilingDesk()
    at.file('2026-03-02', residence)
    const soon = ['filing-change-too-soon', { from: '2026-09-02' }]
    expect(at.withdraw('2026-09-01', 'F1')).toEqual(soon)
    expect(at.withdraw('2026-04-01', 'F1', { kind: 'self' }, 'I want to')).toEqual(soon)
    expect(at.withdraw('2026-04-01', 'F1', undefined, 'entered for somebody else')).toEqual({
      filing: 'F1',
      withdrawn: '2026-04-01',
    })
    expect(at.rows).toEqual(['long-term 440100 2026-03-02 2026-03-31'])
    expect(at.kept.get('P1 filing F1')?.[1]?.body).toMatchObject({
      override: 'entered for somebody else',
    })
    expect(at.withdraw('2026-10-01', 'F1')).toEqual(['entry-unknown', { entry: 'F1' }])
  })

  test('goes by the day on which it was made, where it was dated back', () => {
    const at = new FilingDesk()
    at.file('2026-03-02', { ...residence, from: day('2025-03-02') })
    expect(at.withdraw('2026-04-01', 'F1')).toEqual([
      'filing-change-too-soon',
      { from: '2026-09-02' },
    ])
    const span = { from: day('2026-03-02') }
    expect(changeableFrom(span, undefined, kinds.other)).toBe('2026-03-02')
  })

  test('that has not begun leaves nothing, and one that is over is left alone', () => {
    const at = new FilingDesk()
    at.file('2026-03-02', { ...residence, from: day('2026-06-01') })
    expect(at.withdraw('2026-03-03', 'F1')).toMatchObject({ withdrawn: '2026-03-03' })
    expect(at.rows).toEqual([])
    at.file('2026-03-02', { until: day('2026-03-31') })
    expect(at.withdraw('2026-04-01', 'F2')).toEqual(['filing-over', { until: '2026-03-31' }])
  })

  test('is done by the institution that made it, by a desk of its region, or by the insured', () => {
    const at = new FilingDesk()
    const hospital = { kind: 'institution', code: 'H1' } as const
    at.file('2026-03-02', {}, hospital)
    const other = { ...hospital, code: 'H2' }
    expect(at.withdraw('2026-03-02', 'F1', other)).toEqual(['entry-unknown', { entry: 'F1' }])
    const elsewhere = { kind: 'desk', division: '510700', operator: 'op1' } as const
    expect(at.withdraw('2026-03-02', 'F1', elsewhere)).toMatchObject(['desk-of-another-region', {}])
    expect(at.withdraw('2026-03-02', 'F1', hospital)).toMatchObject({ filing: 'F1' })
    at.file('2026-03-02', {}, hospital)
    expect(at.withdraw('2026-03-05', 'F2', { kind: 'self' })).toMatchObject({ filing: 'F2' })
    at.kept.set(subjectKey(filingSubject('P1', 'D1')), [
      {
        version: 1,
        kind: 'filed',
        body: { filed: { kind: 'disease', code: 'M1', name: 'a', from: '2026-01-01' } },
        institution: 'H1',
        at: 0,
      },
    ])
    expect(at.withdraw('2026-03-05', 'D1')).toEqual(['entry-unknown', { entry: 'D1' }])
    expect(at.withdraw('2026-03-05', 'nothing')).toEqual(['entry-unknown', { entry: 'nothing' }])
  })
})

describe('changing a filing', () => {
  test('moves it from today on, and leaves the days before', () => {
    const at = new FilingDesk()
    at.file('2026-03-02', residence)
    const move = { careRegion: '310115', ...commitment }
    expect(at.change('2026-09-01', 'F1', move)).toMatchObject(['filing-change-too-soon', {}])
    expect(at.change('2026-09-02', 'F1', { careRegion: '310115' })).toMatchObject([
      'filing-document-missing',
      {},
    ])
    expect(at.change('2026-09-02', 'F1', move)).toMatchObject({
      filing: 'F1',
      careRegion: '310100',
      from: '2026-09-02',
      changeableFrom: '2027-03-02',
    })
    expect(at.rows).toEqual([
      'long-term 440100 2026-03-02 2026-09-01',
      'long-term 310100 2026-09-02 open',
    ])
    expect(at.change('2026-12-01', 'F1', move)).toMatchObject(['filing-change-too-soon', {}])
    expect(
      at.change('2026-12-01', 'F1', { ...move, careRegion: '440100', override: 'a slip' }),
    ).toMatchObject({ careRegion: '440100', from: '2026-12-01' })
    const subject = filingSubject('P1', 'F1')
    expect(readFiling(subject, at.kept.get(subjectKey(subject)) ?? [])).toMatchObject({
      filed: { careRegion: '440100', from: '2026-12-01' },
      filedOn: '2026-12-01',
    })
    expect(at.withdraw('2027-06-01', 'F1')).toMatchObject({ withdrawn: '2027-06-01' })
    expect(at.rows.at(-1)).toBe('long-term 440100 2026-12-01 2027-05-31')
  })

  test('lengthens or shortens it within what the region allows', () => {
    const at = new FilingDesk()
    at.file('2026-03-02')
    expect(at.change('2026-06-01', 'F1', { until: day('2026-12-02') })).toEqual([
      'filing-too-long',
      { until: '2026-12-02', longest: '2026-12-01' },
    ])
    expect(at.change('2026-06-01', 'F1', { until: day('2026-09-02') })).toEqual([
      'entry-already-there',
      { entry: 'F1' },
    ])
    expect(at.change('2026-06-01', 'F1', { until: day('2026-05-31') })).toMatchObject([
      'filing-too-late',
      {},
    ])
    at.change('2026-06-01', 'F1', { until: day('2026-12-01') })
    expect(at.rows).toEqual([
      'other 440100 2026-03-02 2026-05-31',
      'other 440100 2026-06-01 2026-12-01',
    ])
    expect(at.change('2026-06-01', 'F1', { careRegion: '999999' })).toMatchObject([
      'filing-place-unknown',
      {},
    ])
  })

  test('that has not begun leaves it its first day, and on its first day leaves nothing of what it was', () => {
    const at = new FilingDesk()
    at.file('2026-03-02', { from: day('2026-06-01') })
    at.change('2026-04-01', 'F1', { until: day('2026-06-30') })
    expect(at.rows).toEqual(['other 440100 2026-06-01 2026-06-30'])
    at.change('2026-06-01', 'F1', { careRegion: '440300' })
    expect(at.rows).toEqual(['other 440300 2026-06-01 2026-06-30'])
  })

  test('to what another filing is for already is refused', () => {
    const at = new FilingDesk()
    at.file('2026-03-02')
    at.file('2026-03-02', { careRegion: '440300' })
    expect(at.change('2026-03-05', 'F2', { careRegion: '440100' })).toMatchObject([
      'entry-already-there',
      { entry: '440100' },
    ])
  })
})

describe('a filing of before more was kept of it', () => {
  const legacy = (until?: string) => {
    const at = new FilingDesk()
    const row = {
      careRegion: '440100',
      from: day('2026-02-01'),
      ...(until && { until: day(until) }),
    }
    at.person = { ...at.person, filings: [{ kind: 'referral', ...row }] }
    at.kept.set('P1 filing OLD', [
      {
        version: 1,
        kind: 'filed',
        body: { filed: { kind: 'referral', ...row }, details: { tel: 'invented' } },
        institution: 'H1',
        at: 0,
      },
    ])
    return at
  }

  test('is withdrawn by its institution or a desk of the region in which the person is insured', () => {
    for (const by of [{ kind: 'institution', code: 'H1' } as const, undefined]) {
      const at = legacy()
      expect(at.withdraw('2026-03-02', 'OLD', by)).toMatchObject({ filing: 'OLD' })
      expect(at.rows).toEqual(['referral 440100 2026-02-01 2026-03-01'])
    }
    const moved = legacy()
    moved.person = { ...moved.person, coverages: [] }
    expect(moved.withdraw('2026-03-02', 'OLD')).toMatchObject(['not-insured', {}])
  })

  test('is one like any other once it is changed', () => {
    const at = legacy('2026-08-01')
    const opinion = { documents: [{ type: 'referral-opinion' }] } as const
    at.change('2026-03-02', 'OLD', { careRegion: '310000', ...opinion })
    expect(at.person.filings[1]).toMatchObject({
      kind: 'referral',
      as: 'referral',
      careRegion: '310100',
      home: '510100',
      number: 'OLD',
      until: '2026-08-01',
    })
    expect(at.withdraw('2026-05-01', 'OLD')).toMatchObject({ filing: 'OLD' })
    expect(at.rows).toEqual([
      'referral 440100 2026-02-01 2026-03-01',
      'referral 310100 2026-03-02 2026-04-30',
    ])
  })

  test('tells what it is, and what is no care away from home', () => {
    const at = legacy()
    const kept = readFiling(filingSubject('P1', 'OLD'), at.kept.get('P1 filing OLD') ?? [])
    expect(kept && awayOf(kept)).toMatchObject({ kind: 'referral', careRegion: '440100' })
    const filed = { kind: 'disease', code: 'M1', name: 'a', from: day('2026-01-01') } as const
    expect(awayOf({ number: '1', filed, details: {}, institution: 'H1' })).toBeUndefined()
  })
})
