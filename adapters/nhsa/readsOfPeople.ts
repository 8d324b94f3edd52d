/** What a message told of people, for the access log (访问日志): ids alone. */
export interface ReadOfPeople {
  readonly institution: string
  readonly infno: string
  /** 人员编号; none where the answer names nobody. */
  readonly persons: readonly string[]
}

/** Who somebody is, what is kept of them, and how an order of theirs stands. Claims and previews are the institution's own. */
const tellsOfPeople = /^(1101|1161|1162|52|53|6301)/

/** The people that an answer tells of, by its own fields or else by those of the question; undefined of other transactions. */
export function peopleTold(infno: string, output: unknown, input: unknown): string[] | undefined {
  if (!tellsOfPeople.test(infno)) return undefined
  const told = numbersIn(output)
  return told.length > 0 ? told : numbersIn(input)
}

/** Nodes are objects or lists of them. */
function numbersIn(nodes: unknown): string[] {
  if (typeof nodes !== 'object' || nodes === null) return []
  const items = Object.values(nodes).flat() as unknown[]
  return [...new Set(items.flatMap(numberOf))]
}

function numberOf(item: unknown): string[] {
  if (typeof item !== 'object' || item === null) return []
  const { psn_no: number } = item as { readonly psn_no?: unknown }
  return typeof number === 'string' ? [number] : []
}
