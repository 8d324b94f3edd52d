/** Money that goes from one place to another. */
export interface Flow {
  readonly from: string
  readonly to: string
  readonly amount: number
}

export interface FlowNode {
  readonly id: string
  readonly column: number
  readonly amount: number
  readonly y: number
  readonly tall: number
}

export interface FlowLink {
  readonly from: FlowNode
  readonly to: FlowNode
  readonly amount: number
  /** Where it begins and ends, at the middle of its width. */
  readonly y0: number
  readonly y1: number
  readonly wide: number
}

export interface Layout {
  readonly nodes: readonly FlowNode[]
  readonly links: readonly FlowLink[]
}

interface Drawn {
  readonly columns: readonly (readonly string[])[]
  readonly height: number
  readonly gap: number
}

/**
 * Where the places and the money between them are drawn, column by column, the largest on top. One scale holds for all
 * columns, so that the same sum is as wide everywhere.
 */
export function layOut(flows: readonly Flow[], { columns, height, gap }: Drawn): Layout {
  const into = (id: string): number => sumOf(flows.filter(({ to }) => to === id))
  const outOf = (id: string): number => sumOf(flows.filter(({ from }) => from === id))
  const amounts = new Map(columns.flat().map((id) => [id, Math.max(into(id), outOf(id))]))
  const scale = Math.min(
    ...columns.map((ids) => {
      const total = ids.reduce((sum, id) => sum + (amounts.get(id) ?? 0), 0)
      return total === 0 ? Infinity : Math.max(1, height - gap * (ids.length - 1)) / total
    }),
  )
  const nodes = columns.flatMap((ids, column) => {
    let y = 0
    return [...ids]
      .sort((a, b) => (amounts.get(b) ?? 0) - (amounts.get(a) ?? 0))
      .map((id) => {
        const amount = amounts.get(id) ?? 0
        const node = { id, column, amount, y, tall: Math.max(1, amount * scale) }
        y += node.tall + gap
        return node
      })
  })
  return { nodes, links: linksOf(flows, nodes, scale) }
}

const sumOf = (flows: readonly Flow[]): number => flows.reduce((sum, { amount }) => sum + amount, 0)

/** Links leave and enter in the order of the places at their other end, so that few of them cross. */
function linksOf(flows: readonly Flow[], nodes: readonly FlowNode[], scale: number): FlowLink[] {
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const ends = flows.flatMap(({ from, to, amount }) => {
    const [a, b] = [byId.get(from), byId.get(to)]
    return a && b && amount > 0 ? [{ from: a, to: b, amount }] : []
  })
  const left = new Map(nodes.map((node) => [node, node.y]))
  const starts = new Map<object, number>()
  for (const end of ends.toSorted((a, b) => a.to.y - b.to.y)) {
    const y = left.get(end.from) ?? 0
    starts.set(end, y)
    left.set(end.from, y + end.amount * scale)
  }
  const right = new Map(nodes.map((node) => [node, node.y]))
  return ends
    .toSorted((a, b) => a.from.y - b.from.y)
    .map((end) => {
      const wide = end.amount * scale
      const y = right.get(end.to) ?? 0
      right.set(end.to, y + wide)
      return { ...end, wide, y0: (starts.get(end) ?? 0) + wide / 2, y1: y + wide / 2 }
    })
}
