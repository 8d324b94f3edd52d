import type { Today } from '../api/auditTypes.ts'
import { say } from '../words/say.ts'
import { instantText } from './time.tsx'
import { useWidth } from './useWidth.ts'

const tall = 140
const foot = 18

type Minute = Today['minutes'][number]

const kinds = ['settled', 'undone', 'refused'] as const
const kindWords = (kind: (typeof kinds)[number]): string =>
  kind === 'settled'
    ? say('结算', 'Settled')
    : kind === 'undone'
      ? say('撤销冲正', 'Undone')
      : say('被拒', 'Refused')

/** A bar for each minute: what was settled, undone and refused in it. */
export function MinuteBars({ minutes }: { readonly minutes: readonly Minute[] }) {
  const { place, width } = useWidth<HTMLDivElement>(280)
  const most = Math.max(
    1,
    ...minutes.map(({ settled, undone, refused }) => settled + undone + refused),
  )
  const step = width / Math.max(1, minutes.length)
  const total = minutes.reduce((sum, { settled }) => sum + settled, 0)
  return (
    <figure class="chart" ref={place}>
      <svg
        width={width}
        height={tall + foot}
        role="img"
        aria-label={say(
          `最近 ${minutes.length} 分钟共结算 ${total} 笔，最多每分钟 ${most} 笔`,
          `${total} settled in the last ${minutes.length} minutes, at most ${most} requests a minute`,
        )}
      >
        {minutes.map((minute, i) => (
          <Bar
            key={minute.at}
            minute={minute}
            x={i * step}
            wide={Math.max(1, step - 1)}
            most={most}
          />
        ))}
        <line class="axis" x1={0} x2={width} y1={tall} y2={tall} />
        {minutes.map(({ at }, i) =>
          i % 15 === 0 ? (
            <text key={at} class="tick" x={i * step} y={tall + foot - 4}>
              {instantText(at).slice(11, 16)}
            </text>
          ) : null,
        )}
        <text class="tick" x={width} y={10} text-anchor="end">
          {say(`最高 ${most}`, `most ${most}`)}
        </text>
      </svg>
      <figcaption>
        {kinds.map((kind) => (
          <span key={kind} class={`key ${kind}`}>
            {kindWords(kind)}
          </span>
        ))}
      </figcaption>
    </figure>
  )
}

interface BarProps {
  readonly minute: Minute
  readonly x: number
  readonly wide: number
  readonly most: number
}

function Bar({ minute, x, wide, most }: BarProps) {
  let base = tall
  const text = kinds.map((kind) => `${kindWords(kind)} ${minute[kind]}`).join(', ')
  return (
    <g>
      <title>{`${instantText(minute.at).slice(0, 16)} ${text}`}</title>
      {kinds.map((kind) => {
        const height = (minute[kind] / most) * (tall - 14)
        base -= height
        return <rect key={kind} class={kind} x={x} y={base} width={wide} height={height} />
      })}
    </g>
  )
}
