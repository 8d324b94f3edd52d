import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { reasonAway } from '../../engine/awayReason.ts'
import { type Day, daysAfter, overlap } from '../../engine/day.ts'
import type { Kept } from '../../engine/dossier.ts'
import { readFiling } from '../../engine/filing.ts'
import {
  type FilingKind,
  filingKinds,
  reasonOf,
  usualFilingPolicy,
} from '../../engine/filingPolicy.ts'
import type { Filing } from '../../engine/person.ts'
import { type Region, route } from '../../engine/route.ts'
import { day } from '../engine/support/packs.ts'
import { FilingDesk } from '../engine/support/filings.ts'

const first = day('2026-01-01')
const dayOf = (n: number): Day => daysAfter(first, n)
const places = fc.constantFrom('440103', '310000', '440000', 'country')
const documents = [{ type: 'commitment' }, { type: 'referral-opinion' }] as const

type Step =
  | { readonly does: 'file'; readonly kind: number; readonly to: string; readonly lasts?: number }
  | { readonly does: 'change'; readonly of: number; readonly to: string; readonly lasts?: number }
  | { readonly does: 'withdraw'; readonly of: number; readonly override: boolean }

const lasts = fc.option(fc.integer({ min: 0, max: 150 }), { nil: undefined })
const steps = fc.array(
  fc.record({
    /** How many days pass before it. */
    later: fc.nat({ max: 20 }),
    /** How far back or ahead it begins. */
    from: fc.integer({ min: -20, max: 40 }),
    step: fc.oneof(
      fc.record({
        does: fc.constant('file' as const),
        kind: fc.nat({ max: filingKinds.length - 1 }),
        to: places,
        lasts,
      }),
      fc.record({
        does: fc.constant('change' as const),
        of: fc.nat(),
        to: places,
        lasts,
      }),
      fc.record({
        does: fc.constant('withdraw' as const),
        of: fc.nat(),
        override: fc.boolean(),
      }),
    ) as fc.Arbitrary<Step>,
  }),
  { maxLength: 25 },
)

const wide = Object.fromEntries(
  Object.entries(usualFilingPolicy.kinds).map(([kind, terms]) => [
    kind,
    { ...terms, reach: 'country' },
  ]),
) as typeof usualFilingPolicy.kinds

/** Several of a reason may hold, so that none keeps another out. */
const open = Object.fromEntries(
  Object.entries(wide).map(([kind, terms]) => [kind, { ...terms, several: true }]),
) as typeof wide

interface Asked {
  readonly kind: FilingKind
  readonly careRegion: string
  readonly from: number
  readonly lasts?: number | undefined
}

function play(all: readonly { later: number; from: number; step: Step }[]) {
  const at = new FilingDesk({ kinds: wide, retroactive_days: 10 })
  let now = 30
  /** After each step: the day, and the rows. */
  const seen: { on: Day; rows: readonly Filing[]; said: unknown }[] = []
  for (const { later, from, step } of all) {
    now += later
    const on = dayOf(now)
    const begins = dayOf(now + from)
    // One of the filings that were made.
    const made = [...at.kept.keys()]
    const number = made[('of' in step ? step.of : 0) % (made.length || 1)]?.split(' ').at(-1) ?? ''
    const until =
      'lasts' in step && step.lasts !== undefined ? daysAfter(begins, step.lasts) : undefined
    const said =
      step.does === 'file'
        ? at.file(on, {
            kind: filingKinds[step.kind] as 'other',
            careRegion: step.to,
            from: begins,
            until,
            documents,
          })
        : step.does === 'change'
          ? at.change(on, number, {
              careRegion: step.to,
              until,
              documents,
              override: 'asked',
            })
          : at.withdraw(on, number, undefined, step.override ? 'asked' : undefined)
    seen.push({ on, rows: at.person.filings, said })
  }
  return { at, seen }
}

const overlapping = (rows: readonly Filing[]): Filing[][] =>
  rows.flatMap((a, i) =>
    rows
      .slice(i + 1)
      .filter(
        (b) =>
          overlap(a, b) &&
          a.kind === b.kind &&
          (a.careRegion === b.careRegion || a.kind === 'long-term' || a.number === b.number),
      )
      .map((b) => [a, b]),
  )

describe('however filings are made, changed and withdrawn', () => {
  test('two of the same thing never hold on the same day, and no row ends before it begins', () => {
    fc.assert(
      fc.property(steps, (all) => {
        for (const { rows } of play(all).seen) {
          expect(overlapping(rows)).toEqual([])
          expect(rows.filter(({ from, until = from }) => until < from)).toEqual([])
        }
      }),
      { numRuns: 300 },
    )
  })

  test('a day that has passed keeps what was filed for it', () => {
    fc.assert(
      fc.property(steps, (all) => {
        const { seen } = play(all)
        for (const [i, { on, rows }] of seen.entries()) {
          const after = seen[i + 1]?.rows ?? rows
          for (const row of rows.filter(({ from }) => from < on)) {
            const kept = after.find((one) => one.number === row.number && one.from === row.from)
            // It holds at least until the day before, or as long as it did.
            const yesterday = row.until !== undefined && row.until < on ? row.until : on
            expect(
              kept && (kept.until === undefined || daysAfter(kept.until, 1) >= yesterday),
            ).toBe(true)
          }
        }
      }),
      { numRuns: 200 },
    )
  })

  test('the dossiers tell the rows that still stand', () => {
    fc.assert(
      fc.property(steps, (all) => {
        const { at, seen } = play(all)
        const last = seen.at(-1)?.on ?? first
        const told = [...at.kept].flatMap(([key, kept]: [string, Kept[]]) => {
          const [owner = '', ...name] = key.split(' ')
          const filing = readFiling({ owner, name: name.join(' ') }, kept)
          return filing && filing.withdrawn === undefined ? [filing] : []
        })
        const standing = told
          .filter(({ filed }) => filed.until === undefined || filed.until >= last)
          .map(({ number, filed: { from, until } }) => `${number} ${from} ${until}`)
        const rows = at.person.filings
          .filter(({ until }) => until === undefined || until >= last)
          .map(({ number, from, until }) => `${number} ${from} ${until}`)
        expect(rows.toSorted()).toEqual(standing.toSorted())
      }),
      { numRuns: 200 },
    )
  })

  const orders = fc
    .uniqueArray(
      fc.record({
        kind: fc.constantFrom(...filingKinds),
        careRegion: fc.constantFrom('440103', '440000', 'country', '310000'),
        from: fc.integer({ min: -20, max: 20 }),
        lasts,
      }),
      // One for each reason and place, or the first would keep the others out.
      { minLength: 2, maxLength: 8, selector: (one) => `${reasonOf(one.kind)} ${one.careRegion}` },
    )
    .chain((all) =>
      fc.tuple(
        fc.constant(all),
        fc.shuffledSubarray(all, { minLength: all.length, maxLength: all.length }),
      ),
    )

  test('why somebody is away is the same for every order of recording', () => {
    const record = (all: readonly Asked[]) => {
      const at = new FilingDesk({ kinds: open, retroactive_days: 30 })
      for (const { kind, careRegion, from, lasts: long } of all) {
        const begins = dayOf(100 + from)
        const until = long === undefined ? undefined : daysAfter(begins, long)
        at.file(dayOf(100), { kind, careRegion, from: begins, until, documents })
      }
      return at
    }
    let several = 0
    fc.assert(
      fc.property(
        orders,
        fc.constantFrom('440100', '440300', '310100', '510700', '510100'),
        fc.integer({ min: -20, max: 60 }),
        fc.nat({ max: 20 }),
        fc.boolean(),
        fc.constantFrom('local' as const, 'away' as const),
        ([all, shuffled], care, from, long, emergency, returningHome) => {
          const [one, other] = [record(all), record(shuffled)]
          const { regions } = one.places
          const at = (division: string) => regions.regionOf(division) as Region
          const asked = {
            ...route(at(care), at('510100'), regions),
            emergency,
            from: dayOf(100 + from),
            until: dayOf(100 + from + long),
          }
          const policy = { ...usualFilingPolicy, returningHome }
          const judge = (of: FilingDesk) => reasonAway(of.person, asked, policy, regions)
          expect(one.person.filings).toHaveLength(all.length)
          expect(judge(one)).toEqual(judge(other))
          if (judge(one).filed && all.length > 2) several++
        },
      ),
      { numRuns: 500 },
    )
    // It was not always about people who filed nothing.
    expect(several).toBeGreaterThan(50)
  })
})
