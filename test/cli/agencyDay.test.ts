import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { agencyRows, playAgencyDay } from '../../adapters/cli/agencyDay.ts'
import { readWorld } from '../../adapters/sandbox/world.ts'
import { openServed } from '../adapters/http/served.ts'

let served: Awaited<ReturnType<typeof openServed>>
beforeAll(async () => {
  served = await openServed()
})
afterAll(() => served.close())

describe('a day at the agency’s desk', () => {
  it('goes as expected, leaves the books right, and nobody named in the log', async () => {
    const said: string[] = []
    const played = await playAgencyDay(served.url, readWorld('rules'), (text) => said.push(text))
    expect(played.wrong).toEqual([])
    expect(said).toHaveLength(agencyRows.length)
    expect(said.join('\n')).toContain('手工报销 · manual reimbursement')
    expect(await served.violations()).toEqual([])
    expect(served.named()).toEqual([])
  })
})
