import { describe, expect, test } from 'vitest'
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

  test('with one region says nothing to another, for the same place and days', () => {
    const both = {
      coverages: [coverage(), coverage({ scheme: 'resident', region: '510700', group: 'adult' })],
    }
    const at = new FilingDesk({}, both)
    at.file('2026-03-02', { kind: 'other' })
    expect(
      at.file('2026-03-02', { kind: 'other', scheme: 'resident' }, { kind: 'self' }),
    ).toMatchObject({ home: '510700', careRegion: '440100' })
    at.withdraw('2026-03-05', 'F1')
    expect(at.person.filings.map(({ home, until }) => [home, until])).toEqual([
      ['510100', '2026-03-04'],
      ['510700', '2026-09-02'],
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

test('a region that has decided nothing has the usual policy', () => {
  const { books } = placesWith()
  expect(filingPolicyOf(books, '999999')).toBe(usualFilingPolicy)
  expect(filingPolicyOf(placesWith({ retroactive_days: 5 }).books, '510100').retroactive_days).toBe(
    5,
  )
})
