import { pathWith } from '../api/ask.ts'
import type { Totals } from '../api/auditTypes.ts'
import { useAsked } from '../api/useAsked.ts'
import { useRegionNames } from '../api/useNames.ts'
import { Section } from '../parts/bits.tsx'
import { Shown } from '../parts/told.tsx'
import { fenOf, Yuan, yuanOf } from '../parts/yuan.tsx'
import { addressOf } from '../router.ts'
import { say } from '../words/say.ts'
import type { Period } from './money.tsx'

/** Which regions' people were treated where, and what was paid for it: a map as a table (地区矩阵). */
export function RegionTable({ period }: { readonly period: Period }) {
  const asked = useAsked<Totals>(pathWith('/v1/totals', { by: 'region,careRegion', ...period }))
  return (
    <Section title={say('参保地与就医地', 'Where people are insured, and where treated')}>
      <Shown asked={asked}>
        {(totals) =>
          totals.items.length === 0 ? (
            <p class="note" role="status">
              {say('这一期间没有支付。', 'Nothing was paid in this period.')}
            </p>
          ) : (
            <Matrix totals={totals} />
          )
        }
      </Shown>
    </Section>
  )
}

/** How strongly a field is coloured: sums differ by orders of size, so by their logarithm. */
const heat = (fen: bigint, most: bigint): number =>
  fen <= 0n ? 0 : Math.max(1, Math.round((Math.log1p(Number(fen)) / Math.log1p(Number(most))) * 5))

function Matrix({ totals: { items } }: { readonly totals: Totals }) {
  const homes = [...new Set(items.map(({ region }) => String(region)))].sort()
  const cares = [...new Set(items.map(({ careRegion }) => String(careRegion)))].sort()
  const sums = new Map(
    items.map((item) => [`${item['region']} ${item['careRegion']}`, fenOf(item.amount)]),
  )
  const names = useRegionNames([...homes, ...cares])
  const most = [...sums.values()].reduce((a, b) => (a > b ? a : b), 1n)
  return (
    <div class="scroll" role="group" tabIndex={0} aria-label={say('地区矩阵', 'Regions')}>
      <table class="matrix">
        <caption class="unseen">{say('参保地与就医地', 'Insured and treated')}</caption>
        <thead>
          <tr>
            <th scope="col">{say('参保地 ↓　就医地 →', 'Insured ↓  treated →')}</th>
            {cares.map((care) => (
              <th key={care} scope="col" class="number">
                {names.get(care)} {care}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {homes.map((home) => (
            <tr key={home}>
              <th scope="row">
                {names.get(home)} {home}
              </th>
              {cares.map((care) => {
                const sum = sums.get(`${home} ${care}`)
                return (
                  <td key={care} class={`number heat${heat(sum ?? 0n, most)}`}>
                    {sum !== undefined && (
                      <a
                        href={addressOf('find', undefined, {
                          tab: 'settlements',
                          homeRegion: home,
                          careRegion: care,
                        })}
                      >
                        <Yuan of={yuanOf(sum)} />
                      </a>
                    )}
                  </td>
                )
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
