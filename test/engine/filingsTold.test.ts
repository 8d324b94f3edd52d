import { describe, expect, test } from 'vitest'
import { tellFilings } from '../../engine/filingsTold.ts'
import { isSelf, selfOf } from '../../engine/institution.ts'
import { day } from './support/packs.ts'
import { FilingDesk } from './support/filings.ts'

const told = (at: FilingDesk, on: string) =>
  tellFilings(
    at.person,
    new Map([...at.kept].map(([key, kept]) => [key.slice('P1 '.length), kept])),
    { today: day(on), books: at.places.books },
  )

describe('what is told of filings', () => {
  test('the newest first, each with all that was done to it', () => {
    const at = new FilingDesk()
    at.file('2026-03-02', { documents: [{ type: 'commitment', number: 'secret' }] })
    at.file('2026-03-03', { careRegion: '310000' }, { kind: 'self' })
    at.change('2026-03-10', 'F1', { until: day('2026-04-30'), override: 'a slip' })
    at.withdraw('2026-03-20', 'F2')
    expect(told(at, '2026-03-25')).toEqual([
      {
        filing: 'F2',
        kind: 'other',
        reason: 'other',
        careRegion: '310100',
        home: '510100',
        from: '2026-03-03',
        until: '2026-09-03',
        state: 'withdrawn',
        filedOn: '2026-03-03',
        history: [
          expect.objectContaining({ what: 'filed', by: 'self', careRegion: '310100' }),
          expect.objectContaining({ what: 'withdrawn', from: '2026-03-20', operator: 'op1' }),
        ],
      },
      {
        filing: 'F1',
        kind: 'other',
        reason: 'other',
        careRegion: '440100',
        home: '510100',
        from: '2026-03-10',
        until: '2026-04-30',
        state: 'in-force',
        filedOn: '2026-03-10',
        changeableFrom: '2026-03-10',
        history: [
          {
            what: 'filed',
            at: Date.parse('2026-03-02'),
            by: 'desk',
            operator: 'op1',
            careRegion: '440100',
            from: '2026-03-02',
            until: '2026-09-02',
            documents: ['commitment'],
            override: undefined,
          },
          expect.objectContaining({ what: 'changed', override: 'a slip', documents: [] }),
        ],
      },
    ])
  })

  test('what has not begun, holds, or is over says so', () => {
    const at = new FilingDesk()
    at.file('2026-03-02', { from: day('2026-04-01'), until: day('2026-04-30') })
    const states = ['2026-03-31', '2026-04-01', '2026-04-30', '2026-05-01'].map(
      (on) => told(at, on)[0]?.state,
    )
    expect(states).toEqual(['to-come', 'in-force', 'in-force', 'over'])
    expect(told(at, '2026-05-01')[0]?.changeableFrom).toBeUndefined()
  })

  test('rows of the person that no dossier tells of come last, and no row twice', () => {
    const at = new FilingDesk()
    const row = { careRegion: '440100', from: day('2026-01-01') }
    at.person = {
      ...at.person,
      filings: [
        { kind: 'referral', ...row },
        { kind: 'long-term', careRegion: '310100', from: day('2025-01-01') },
      ],
    }
    at.kept.set('P1 filing OLD', [
      {
        version: 1,
        kind: 'filed',
        body: { filed: { kind: 'referral', ...row }, details: {} },
        institution: 'H1',
        at: 0,
      },
    ])
    at.kept.set('P1 filing D', [
      {
        version: 1,
        kind: 'filed',
        body: {
          filed: { kind: 'disease', code: 'M1', name: 'a', from: '2026-01-01' },
          details: {},
        },
        institution: 'H1',
        at: 0,
      },
    ])
    const all = told(at, '2026-03-02')
    expect(all).toMatchObject([
      { filing: 'OLD', kind: 'referral', state: 'in-force', history: [{ by: 'H1' }] },
      { reason: 'long-term', careRegion: '310100', state: 'in-force', history: [] },
    ])
    expect(all[1]).not.toHaveProperty('filing')
  })
})

test('the insured are told apart from whoever else asks', () => {
  expect(isSelf(selfOf('510100000000000000001001'))).toBe(true)
  expect(isSelf('desk:510100')).toBe(false)
})
