import { findHighest, type Manner, ramp, type RateSearch } from '../highest.ts'
import { doneOf, type K6Result } from '../k6.ts'
import type { Sent } from '../openModel.ts'
import { type Site, spare } from '../site.ts'
import { spreadBills } from '../workload/bills.ts'

/** How fast claims are settled, and how fast the same ones are turned back. */
export interface Both {
  readonly settling: RateSearch
  readonly reversing: RateSearch
}

export interface Turning {
  readonly seconds: number
  readonly rounds: number
  readonly manner: Manner
  readonly say: (line: string) => void
}

/** Loads of a search at the rate that it begins with. */
const enough = 6
/** Of a load of which some were refused nobody knows which: what never was is reversed at less cost, and adds no row. */
const isWhole = (seen: K6Result): boolean => seen.dropped === 0 && doneOf(seen) === seen.sent

/** In turns: whatever a round's search for the highest rate of settlements settles is what its search for that of reversals reverses. */
export async function settleAndReverse(site: Site, turning: Turning): Promise<Both[]> {
  const { seconds, rounds, manner, say } = turning
  const tag = `turned-${Date.now().toString(36)}`
  const settled: Sent[] = []
  let loads = 0
  const settle = async (rate: number, lasting: number) => {
    const count = Math.ceil(rate * lasting) + spare
    const claims = [...spreadBills(site.city, { count, tag: `${tag}-${++loads}` })]
    const seen = await site.send('settling', { rate, requests: claims, seconds: lasting })
    if (isWhole(seen)) settled.push(...claims.slice(0, seen.sent))
    return seen
  }
  const owners = new Map(site.city.people.map(({ card, id }) => [card.number, id]))
  const reverse = async (rate: number) => {
    const claims = settled.splice(0, Math.ceil(rate * seconds) + spare)
    const requests = claims.map((claim) => reversalOf(claim, owners))
    return site.send('reversing', { rate, requests, seconds })
  }
  let rate = await ramp(async (each) => settle(each, 2), 250)
  let back = rate
  const found: Both[] = []
  for (let round = 1; round <= rounds; round++) {
    say(`round ${round} of ${rounds}: settling`)
    const settling = await findHighest(async (each) => settle(each, seconds), rate, manner)
    rate = settling.best.rate
    say(`round ${round} of ${rounds}: reversing`)
    back = Math.min(back, rate)
    // A search needs many claims, and more of them where the one before it was short.
    for (let gentle = rate; settled.length < enough * back * seconds; )
      if (!isWhole(await settle(gentle, seconds))) gentle = Math.ceil(0.8 * gentle)
    const reversing = await findHighest(reverse, back, manner)
    back = reversing.best.rate
    found.push({ settling, reversing })
  }
  return found
}

interface Body {
  readonly institution: string
  readonly credential: { readonly number: string }
}

function reversalOf({ key = '', body }: Sent, owners: ReadonlyMap<string, string>): Sent {
  const { institution, credential } = JSON.parse(body) as Body
  return {
    path: '/v1/reversals',
    key: `${key}-back`,
    type: 'application/json',
    body: JSON.stringify({ institution, key, person: owners.get(credential.number) }),
  }
}
