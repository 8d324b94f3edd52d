import { describe, expect, test } from 'vitest'
import { changeableFrom } from '../../engine/awayFiling.ts'
import { awayOf } from '../../engine/awayFilingChanged.ts'
import { subjectKey } from '../../engine/dossier.ts'
import { filingSubject, readFiling } from '../../engine/filing.ts'
import { filingPolicyOf, usualFilingPolicy } from '../../engine/filingPolicy.ts'
import { day } from './support/packs.ts'
import { FilingDesk, placesWith } from './support/filings.ts'
import { coverage } from './support/world.ts'

const commitment = { documents: [{ type: 'commitment' }] } as const
const residence = { kind: 'long-term-resident', ...commitment } as const
const { kinds } = usualFilingPolicy

describe('filing care away from home', () => {
  test('is kept with the region in which the person is insured, and counts from then on', () => {
    const at = new FilingDesk()
    expect(at.file('2026-03-02')).toEqual({
      filing: 'F1',
      kind: 'other',
      careRegion: '440100',
      home: '510100',
      from: '2026-03-02',
      until: '2026-09-02',
      reason: 'other',
      filedOn: '2026-03-02',
      changeableFrom: '2026-03-02',
    })
    expect(at.person.filings).toEqual([
      {
        kind: 'other',
        as: 'other',
        careRegion: '440100',
        home: '510100',
        from: '2026-03-02',
        until: '2026-09-02',
        filedOn: '2026-03-02',
        number: 'F1',
      },
    ])
  })

  test.each([
    ['retired-resettled', 'long-term', undefined, '2026-09-02'],
    ['long-term-resident', 'long-term', undefined, '2026-09-02'],
    ['assigned-work', 'long-term', undefined, '2026-09-02'],
    ['referral', 'referral', '2026-09-02', '2026-03-02'],
    ['emergency', 'emergency', '2026-09-02', '2026-03-02'],
    ['other', 'other', '2026-09-02', '2026-03-02'],
  ] as const)('as %s it holds and may be changed as usual', (kind, reason, until, changeable) => {
    const documents = [{ type: 'commitment' }, { type: 'referral-opinion' }] as const
    expect(new FilingDesk().file('2026-03-02', { kind, documents })).toMatchObject({
      reason,
      until,
      changeableFrom: changeable,
    })
  })

  test('needs the documents of its kind, one of each group', () => {
    const at = new FilingDesk()
    const asked = { kind: 'retired-resettled' } as const
    expect(at.file('2026-03-02', asked)).toEqual([
      'filing-document-missing',
      { documents: ['household-register', 'commitment'] },
    ])
    expect(at.file('2026-03-02', { ...asked, documents: [{ type: 'work-proof' }] })).toMatchObject([
      'filing-document-missing',
      {},
    ])
    at.file('2026-03-02', {
      ...asked,
      documents: [{ type: 'household-register', number: 'HR-1' }],
      details: { phone: 'invented' },
    })
    const [entry] = at.kept.get('P1 filing F3') ?? []
    expect(entry?.body).toMatchObject({
      documents: [{ type: 'household-register', number: 'HR-1' }],
      details: { phone: 'invented' },
      operator: 'op1',
    })
  })

  test('is filed for a region by any of its divisions, and for no more than the region allows', () => {
    const at = new FilingDesk()
    const to = (careRegion: string) => at.file('2026-03-02', { careRegion })
    expect(to('310000')).toMatchObject({ careRegion: '310100' })
    expect(to('510700')).toMatchObject({ careRegion: '510700' })
    expect(to('510104')).toEqual(['filing-not-away', { careRegion: '510104' }])
    expect(to('999999')).toEqual(['filing-place-unknown', { careRegion: '999999' }])
    expect(to('440000')).toEqual(['filing-too-wide', { careRegion: '440000', reach: 'region' }])
    expect(to('540000')).toEqual(['filing-too-wide', { careRegion: '540000', reach: 'region' }])
    expect(to('country')).toEqual(['filing-too-wide', { careRegion: 'country', reach: 'region' }])
    const reach = (widest: 'province' | 'country') =>
      new FilingDesk({ kinds: { ...kinds, other: { ...kinds.other, reach: widest } } })
    expect(reach('province').file('2026-03-02', { careRegion: '440000' })).toMatchObject({
      careRegion: '440000',
    })
    expect(reach('province').file('2026-03-02', { careRegion: 'country' })).toEqual([
      'filing-too-wide',
      { careRegion: 'country', reach: 'province' },
    ])
    expect(reach('country').file('2026-03-02', { careRegion: 'country' })).toMatchObject({
      careRegion: 'country',
    })
  })

  test('holds as long as it is asked to, and no longer than the region lets it', () => {
    const at = new FilingDesk()
    expect(at.file('2026-03-02', { until: day('2026-03-31') })).toMatchObject({
      until: '2026-03-31',
    })
    expect(at.file('2026-03-02', { from: day('2026-04-01'), until: day('2026-10-02') })).toEqual([
      'filing-too-long',
      { until: '2026-10-02', longest: '2026-10-01' },
    ])
    expect(at.file('2026-03-02', { ...residence, until: day('2030-12-31') })).toMatchObject({
      until: '2030-12-31',
    })
  })

  test('comes too late for what is over, unless the region lets it be made up for', () => {
    const past = { from: day('2026-01-05'), until: day('2026-02-10') }
    expect(new FilingDesk().file('2026-03-02', past)).toEqual([
      'filing-too-late',
      { until: '2026-02-10', today: '2026-03-02' },
    ])
    expect(new FilingDesk({ retroactive_days: 20 }).file('2026-03-02', past)).toMatchObject({
      from: '2026-01-05',
      filedOn: '2026-03-02',
    })
    expect(new FilingDesk({ retroactive_days: 19 }).file('2026-03-02', past)).toMatchObject([
      'filing-too-late',
      {},
    ])
    expect(new FilingDesk().file('2026-03-02', { until: day('2026-03-01') })).toMatchObject([
      'filing-too-late',
      {},
    ])
  })

  test('is with the region of the scheme, by a desk of that region or by the insured', () => {
    const both = {
      coverages: [
        coverage(),
        coverage({ scheme: 'resident', region: '510700', group: 'adult' }),
        coverage({ scheme: 'workInjury', region: '440100' }),
      ],
    }
    const at = new FilingDesk({}, both)
    const asked = { scheme: 'resident' } as const
    expect(at.file('2026-03-02', asked)).toEqual([
      'desk-of-another-region',
      { desk: '510104', region: '510700' },
    ])
    const unknown = { kind: 'desk', division: '999999', operator: 'op1' } as const
    expect(at.file('2026-03-02', {}, unknown)).toEqual(['desk-unknown', { desk: '999999' }])
    expect(at.file('2026-03-02', asked, { kind: 'self' })).toMatchObject({ home: '510700' })
    expect(at.file('2026-03-02', {}, { kind: 'self' })).toMatchObject({ home: '510100' })
    expect(at.file('2026-03-02', { scheme: 'workInjury' })).toEqual([
      'home-region-not-served',
      { region: '440100' },
    ])
  })

  test('is for people who live and are insured on its first day', () => {
    expect(new FilingDesk({}, { died: day('2026-01-01') }).file('2026-03-02')).toMatchObject([
      'person-deceased',
      {},
    ])
    const gone = { coverages: [coverage({ until: day('2026-03-31') })] }
    expect(new FilingDesk({}, gone).file('2026-03-02', { from: day('2026-04-01') })).toMatchObject([
      'not-insured',
      {},
    ])
    const nobody = new FilingDesk()
    nobody.person = undefined as never
    expect(nobody.file('2026-03-02')).toEqual(['person-unknown', {}])
    expect(nobody.withdraw('2026-03-02', 'F1')).toEqual(['person-unknown', {}])
  })

  test('stands beside filings for other reasons and places, and long-term beside no other long-term', () => {
    const at = new FilingDesk()
    at.file('2026-03-02', residence)
    expect(at.file('2026-03-02', { careRegion: '310100' })).toMatchObject({ filing: 'F2' })
    expect(at.file('2026-03-02', { careRegion: '440300' })).toMatchObject({ filing: 'F3' })
    expect(at.file('2026-03-02', { careRegion: '440100' })).toMatchObject({ filing: 'F4' })
    expect(at.file('2026-04-02', { careRegion: '440103' })).toEqual([
      'entry-already-there',
      { entry: '440100', from: '2026-03-02', until: '2026-09-02' },
    ])
    expect(
      at.file('2026-04-02', { ...residence, kind: 'assigned-work', careRegion: '310100' }),
    ).toEqual(['filing-stands', { filing: 'F1', from: '2026-03-02' }])
    at.person = {
      ...at.person,
      filings: [{ kind: 'long-term', careRegion: '440100', from: day('2020-01-01') }],
    }
    expect(at.file('2026-04-02', { ...residence, careRegion: '310100' })).toEqual([
      'filing-stands',
      { filing: '440100', from: '2020-01-01' },
    ])
  })
})

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

test('a region that has decided nothing has the usual policy', () => {
  const { books } = placesWith()
  expect(filingPolicyOf(books, '999999')).toBe(usualFilingPolicy)
  expect(filingPolicyOf(placesWith({ retroactive_days: 5 }).books, '510100').retroactive_days).toBe(
    5,
  )
})
