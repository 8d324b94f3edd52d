import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { reasonAway } from '../../engine/awayReason.ts'
import { type Day, daysAfter, overlap } from '../../engine/day.ts'
import type { Kept } from '../../engine/dossier.ts'
import { readFiling } from '../../engine/filing.ts'
import { filingKinds, usualFilingPolicy } from '../../engine/filingPolicy.ts'
import type { Filing } from '../../engine/person.ts'
import { type Region, route } from '../../engine/route.ts'
import { day } from '../engine/support/packs.ts'
import { FilingDesk } from '../engine/support/filings.ts'
import { person } from '../engine/support/world.ts'

const first = day('2026-01-01')
const dayOf = (n: number): Day => daysAfter(first, n)
const days = fc.integer({ min: 0, max: 400 })
const places = fc.constantFrom('440103', '440300', '310000', '510700', '440000', 'country')
const documents = [{ type: 'commitment' }, { type: 'referral-opinion' }] as const

type Step =
  | { readonly does: 'file'; readonly kind: number; readonly to: string; readonly lasts?: number }
  | { readonly does: 'change'; readonly of: number; readonly to: string; readonly lasts?: number }
  | { readonly does: 'withdraw'; readonly of: number; readonly override: boolean }

const lasts = fc.option(fc.integer({ min: 0, max: 150 }), { nil: undefined })
const steps = fc.array(
  fc.record({
    /** How many days pass before it. */
    later: fc.nat({ max: 60 }),
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
        of: fc.nat({ max: 8 }),
        to: places,
        lasts,
      }),
      fc.record({
        does: fc.constant('withdraw' as const),
        of: fc.nat({ max: 8 }),
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

function play(all: readonly { later: number; from: number; step: Step }[]) {
  const at = new FilingDesk({ kinds: wide, retroactive_days: 10 })
  let now = 30
  /** After each step: the day, and the rows. */
  const seen: { on: Day; rows: readonly Filing[]; said: unknown }[] = []
  for (const { later, from, step } of all) {
    now += later
    const on = dayOf(now)
    const begins = dayOf(now + from)
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
          ? at.change(on, `F${step.of}`, {
              careRegion: step.to,
              until,
              documents,
              override: 'asked',
            })
          : at.withdraw(on, `F${step.of}`, undefined, step.override ? 'asked' : undefined)
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

  test('why somebody is away is the same for every order of recording', () => {
    const { regions } = new FilingDesk().places
    const at = (division: string) => regions.regionOf(division) as Region
    fc.assert(
      fc.property(
        steps,
        fc.infiniteStream(fc.nat()),
        fc.constantFrom('440100', '440300', '310100', '510700', '510100'),
        days,
        fc.nat({ max: 30 }),
        fc.boolean(),
        fc.constantFrom('local' as const, 'away' as const),
        (all, order, care, from, long, emergency, returningHome) => {
          const { filings } = play(all).at.person
          const shuffled = filings
            .map((row) => [order.next().value as number, row] as const)
            .toSorted(([a], [b]) => a - b)
            .map(([, row]) => row)
          const judge = (rows: readonly Filing[]) =>
            reasonAway(
              person({ filings: rows }),
              {
                ...route(at(care), at('510100'), regions),
                emergency,
                from: dayOf(from),
                until: dayOf(from + long),
              },
              { ...usualFilingPolicy, returningHome },
              regions,
            )
          expect(judge(shuffled)).toEqual(judge(filings))
        },
      ),
      { numRuns: 300 },
    )
  })
})
