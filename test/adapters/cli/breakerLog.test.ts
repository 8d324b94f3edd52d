import type pg from 'pg'
import { expect, test } from 'vitest'
import { onBreaker } from '../../../adapters/cli/regions.ts'
import { createLog } from '../../../adapters/log.ts'
import { createMetrics } from '../../../adapters/metrics.ts'
import { RegionFault } from '../../../engine/awayClaim.ts'

test('the log says when a region is left alone and why, and when it is asked again', () => {
  const lines: unknown[] = []
  const log = createLog('info', { write: (line) => void lines.push(JSON.parse(line)) })
  const pool = { query: async () => ({ rows: [] }) } as unknown as pg.Pool
  const told = onBreaker({ pool, log, metrics: createMetrics(), clock: { now: () => 0 } })
  told('440100', 0)
  expect(lines).toEqual([])
  told('440100', 2, new RegionFault('lost', 'no answer in time'))
  told('440100', 1)
  told('440100', 2, new RegionFault('unsent', 'ECONNREFUSED'))
  told('440100', 0)
  expect(lines).toMatchObject([
    {
      level: 'warn',
      region: '440100',
      msg: 'a region is left alone',
      err: { message: 'no answer in time' },
    },
    { level: 'warn', region: '440100', err: { message: 'ECONNREFUSED' } },
    { level: 'info', region: '440100', msg: 'a region is asked again' },
  ])
})
