import { say } from '../words/say.ts'
import { type Flow, type FlowNode, layOut } from './flow.ts'
import { useWidth } from './useWidth.ts'

export interface SankeyNode {
  readonly id: string
  readonly name: string
  /** Where more is told of it. */
  readonly href?: string | undefined
  /** What flows through it has its colour, where it has one. */
  readonly colour?: number
  /** Its amount in words. */
  readonly amount: string
}

interface SankeyProps {
  readonly label: string
  readonly heads: readonly string[]
  readonly columns: readonly (readonly SankeyNode[])[]
  readonly flows: readonly Flow[]
}

const nodeWide = 12
const head = 24
const lineTall = 15

/** Money as it flows (资金流向图). The same figures stand in the table below it. */
export function Sankey({ label, heads, columns, flows }: SankeyProps) {
  const { place, width } = useWidth<HTMLDivElement>(560)
  const longest = Math.max(...columns.map(({ length }) => length))
  const height = Math.max(220, longest * 30)
  const { nodes, links } = layOut(flows, {
    columns: columns.map((column) => column.map(({ id }) => id)),
    height,
    gap: 14,
  })
  const bottom = Math.max(0, ...nodes.map(({ y, tall }) => y + tall))
  const told = new Map(columns.flat().map((node) => [node.id, node]))
  const lastColumn = columns.length - 1
  const xOf = (column: number): number => (column * (width - nodeWide)) / Math.max(1, lastColumn)
  return (
    <figure class="chart scroll" ref={place} tabIndex={0} aria-label={label}>
      <svg width={width} height={head + bottom + lineTall} role="group" aria-label={label}>
        {heads.map((text, column) => (
          <text
            key={text}
            class="head"
            x={column === 0 ? 0 : column === lastColumn ? width : xOf(column) + nodeWide / 2}
            y={14}
            text-anchor={column === 0 ? 'start' : column === lastColumn ? 'end' : 'middle'}
          >
            {text}
          </text>
        ))}
        <g transform={`translate(0 ${head})`}>
          {links.map(({ from, to, wide, y0, y1 }) => {
            const [x0, x1] = [xOf(from.column) + nodeWide, xOf(to.column)]
            const middle = (x0 + x1) / 2
            return (
              <path
                key={`${from.id} ${to.id}`}
                class={`flow c${told.get(from.column === 0 ? to.id : from.id)?.colour ?? 0}`}
                d={`M${x0},${y0}C${middle},${y0} ${middle},${y1} ${x1},${y1}`}
                stroke-width={Math.max(1, wide)}
              >
                <title>{`${told.get(from.id)?.name} → ${told.get(to.id)?.name}`}</title>
              </path>
            )
          })}
          {nodes.map((node) => (
            <Node
              key={node.id}
              node={node}
              told={told.get(node.id)}
              x={xOf(node.column)}
              isLast={node.column === lastColumn}
            />
          ))}
        </g>
      </svg>
    </figure>
  )
}

interface NodeProps {
  readonly node: FlowNode
  readonly told: SankeyNode | undefined
  readonly x: number
  readonly isLast: boolean
}

function Node({ node, told, x, isLast }: NodeProps) {
  if (!told) return null
  const text = `${told.name}  ${told.amount}`
  const label = (
    <>
      <rect class="node" x={x} y={node.y} width={nodeWide} height={node.tall} />
      <text
        class="name"
        x={isLast ? x - 6 : x + nodeWide + 6}
        y={node.y + Math.min(node.tall / 2, lineTall) + 4}
        text-anchor={isLast ? 'end' : 'start'}
      >
        {text}
      </text>
    </>
  )
  return told.href === undefined ? (
    <g>{label}</g>
  ) : (
    <a href={told.href} aria-label={say(`${text}，查看结算`, `${text}, show settlements`)}>
      {label}
    </a>
  )
}
