import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isEffective } from '../../engine/undo.ts'
import { cancel, keyOf, reverse } from '../engine/support/desk.ts'
import { line, returns, sale, shop, tells } from '../engine/support/sales.ts'

const codes = ['T1', 'T2', 'T3']
const visits = [0, 1, 2, 3] as const

/** What each visit sells: neighbours share a package. */
const soldBy = visits.map((i) => [codes[i % 3] as string, codes[(i + 1) % 3] as string])

const step = fc.oneof(
  fc.record({ act: fc.constant('settle' as const), visit: fc.nat(3), with: fc.option(fc.nat(3)) }),
  fc.record({ act: fc.constant('cancel' as const), visit: fc.nat(3) }),
  fc.record({ act: fc.constant('restore' as const), visit: fc.nat(3) }),
  fc.record({ act: fc.constant('tell' as const), code: fc.nat(2) }),
  fc.record({ act: fc.constant('return' as const), code: fc.nat(2) }),
)

test('whatever is settled, undone, restored, told and returned, a package is in force once', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 15, maxLength: 40 }), async (steps) => {
      const at = shop()
      const sales = visits.map((i) => sale(`V${i}`, { who: i === 3 ? 0 : i, lines: linesOf(i) }))
      await at.open(...sales)
      const cancelled = new Map<number, string>()
      const told = new Set<string>()
      for (const [n, one] of steps.entries()) {
        const key = `K${n}`
        if (one.act === 'settle') {
          const asked = [...new Set([one.visit, one.with ?? one.visit])]
          const free = asked.filter((i) => isFree(at, i, told))
          const outcomes = await at.run(
            ...asked.map((i) => ({ ...(sales[i] as (typeof sales)[0]).bill, key: keyOf(key + i) })),
          )
          // Nothing is refused for a package that nobody has.
          expect(outcomes.some((outcome) => /^\d/.test(outcome))).toBe(free.length > 0)
        } else if (one.act === 'cancel') {
          const [outcome] = await at.run(cancel(key, at.settlement(`V${one.visit}`) ?? 'none'))
          if (outcome?.startsWith('undone')) cancelled.set(one.visit, key)
        } else if (one.act === 'restore')
          await at.run(reverse(key, cancelled.get(one.visit) ?? 'none', personOf(one.visit)))
        else {
          const code = codes[one.code] as string
          const ask = one.act === 'tell' ? tells(key, [code]) : returns(key, [code])
          const [outcome] = await at.run(ask)
          if (outcome?.startsWith('entered')) told[one.act === 'tell' ? 'add' : 'delete'](code)
        }
        for (const code of codes) {
          const inForce = visits.filter((i) => stands(at, i) && soldBy[i]?.includes(code))
          expect(inForce.length + (told.has(code) ? 1 : 0)).toBeLessThanOrEqual(1)
        }
      }
    }),
    { numRuns: 300 },
  )
})

const personOf = (visit: number): string => `P${(visit === 3 ? 0 : visit) + 1}`

const linesOf = (visit: number) => [line('L1', soldBy[visit])]

/** A visit may be settled where it does not stand yet, and nobody has what it sells. */
const isFree = (at: ReturnType<typeof shop>, visit: number, told: ReadonlySet<string>): boolean => {
  const sold = soldBy[visit] as string[]
  const others = visits.filter((i) => soldBy[i]?.some((code) => sold.includes(code)))
  return !others.some((i) => stands(at, i)) && !sold.some((code) => told.has(code))
}

/** A visit stands settled where the head of any of its chains is in force. */
function stands({ books }: ReturnType<typeof shop>, visit: number): boolean {
  const rows = books.rows.filter(({ content }) => content.visit === `V${visit}`)
  const heads = new Map(rows.map((row) => [row.settlement, row]))
  return [...heads.values()].some(isEffective)
}
