import type { Clearable } from '../../../engine/clearing.ts'
import type { PairRun } from '../../../engine/nettingClaims.ts'
import { net, nettingChain } from '../../../engine/nettingRun.ts'
import { closePair, type Pair, pairChain } from '../../../engine/pairRun.ts'
import { approvePrepaid, askPrepaid, receivePrepaid } from '../../../engine/prepaid.ts'
import { ClearingBooks } from './clearing.ts'
import { day } from './packs.ts'

export const regions = ['310100', '440100', '510100', '510700', '610700']

const rowOf = (id: string, account: string, due: bigint): Clearable => ({
  id,
  owner: 'P1',
  reference: id,
  undo: due < 0n,
  category: 'inpatient',
  way: 'groups',
  scheme: 'employee',
  month: '2026-03',
  postedOn: day('2026-03-02'),
  in: account,
  total: due,
  fundTotal: due,
  account: 0n,
  due,
})

/** The books of regions, of which some are kept here. */
export class Regions extends ClearingBooks {
  readonly #served: readonly string[]
  #ids = 0
  constructor(served: readonly string[] = regions) {
    super()
    this.#served = served
  }

  close(pair: Pair, dues: readonly bigint[], name = '2026-03', seen?: number): string {
    return this.closeUntil(pair, `${name}-28`, dues, name, seen)
  }

  closeUntil(
    pair: Pair,
    until: string,
    dues: readonly bigint[],
    name = until,
    seen?: number,
  ): string {
    const chain = pairChain(pair)
    const [home, care] =
      pair.side === 'home' ? [pair.region, pair.partner] : [pair.partner, pair.region]
    const due = pair.side === 'home' ? `due-to:${home}:${care}` : `due-from:${care}:${home}`
    const done = closePair(this.found(), {
      pair,
      chain,
      seen: seen ?? this.versionOf(chain),
      window: { name, until: day(until) },
      run: `run${++this.#ids}`,
      agreed: dues.map((one, i) => rowOf(`${name} ${home} ${care} ${i}`, `${due}:${i % 2}`, one)),
      disputes: [],
      nextDue: 9,
    })
    return this.take(done)
  }

  /** Both sides of what one region owes another, as far as they are kept here. */
  closeBoth(home: string, care: string, dues: readonly bigint[], name = '2026-03'): void {
    const sides: Pair[] = [
      { region: home, side: 'home', partner: care },
      { region: care, side: 'care', partner: home },
    ]
    for (const side of sides) if (this.#served.includes(side.region)) this.close(side, dues, name)
  }

  lay(home: string, care: string, amount: bigint, size?: bigint): void {
    const of = { region: home, side: 'laid', partner: care } as const
    const held = { region: care, side: 'held', partner: home } as const
    const posting = `laid${++this.#ids}`
    this.take(askPrepaid(this.found(), { of, amount, size, operator: 'a', posting }))
    this.take(approvePrepaid(this.found(), { of, operator: 'b', posting }))
    this.take(
      receivePrepaid(this.found(), {
        of: held,
        amount,
        size,
        operator: 'a',
        posting: `${posting}r`,
      }),
    )
  }

  open(): PairRun[] {
    const taken = new Set(this.written.flatMap((one) => one.taken ?? []).map(({ run }) => run))
    return this.written
      .flatMap(({ run }) => (run?.kind === 'pair' && !taken.has(run.id) ? [run as PairRun] : []))
      .toReversed()
  }

  net(until = '2026-03-28'): ReturnType<typeof net> {
    const chain = nettingChain('510100')
    return net(this.found(), {
      id: `net${++this.#ids}`,
      centre: '510100',
      chain,
      seen: this.versionOf(chain),
      window: { name: until, until: day(until) },
      runs: this.open(),
      serves: (region) => this.#served.includes(region),
    })
  }
}
