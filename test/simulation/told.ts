import type { Outcome } from '../../engine/outcome.ts'
import type { Visit } from './hospital.ts'
import { isFinal, isUnbound, type Request } from './request.ts'

export interface Standing {
  /** By settlement. */
  readonly rows: ReadonlyMap<string, { readonly care: boolean; readonly home: boolean }>
  /** References that stand at home. */
  readonly homes: ReadonlySet<string>
}

/** Every answer that a hospital was given is true at the end. */
export function checkVisit({ requests }: Visit, standing: Standing): string[] {
  return requests.flatMap((request) => [
    ...checkOne(request),
    ...checkSettlement(request, requests, standing),
  ])
}

/** All final answers to one request are the same, and what was unknown became one of them. */
function checkOne({ name, told, last, sent }: Request): string[] {
  const finals = new Set(told.filter(isFinal).map(inWords))
  if (finals.size > 1) return [`${name} was told ${[...finals].join(' and ')}`]
  if (sent === 0 || isFinal(last) || isUnbound(last)) return []
  return [`${name} was never told what became of it`]
}

const inWords = (outcome: Outcome): string => {
  switch (outcome.kind) {
    case 'settled': {
      const { settlement, content } = outcome.row
      return `settled ${settlement} ${content.fundTotal} ${content.account} ${content.cash}`
    }
    case 'refused':
      return `refused ${outcome.refusal.code}`
    default:
      return outcome.kind
  }
}

function checkSettlement(
  request: Request,
  requests: readonly Request[],
  { rows, homes }: Standing,
): string[] {
  const { ask, last, name } = request
  if (ask.kind !== 'settle') return []
  const away = ask.claim.insuredIn !== undefined
  if (last?.kind !== 'settled')
    return homes.has(`${ask.key.institution} ${name}`)
      ? [`${name} was told ${last?.kind}, and stands at home`]
      : []
  const is = rows.get(last.row.settlement)
  if (!is) return [`${name} was told settled, and is in no books`]
  const expected = mustStand(request, requests)
  if (expected === undefined || is.care === expected) return []
  return [
    `${name} ${is.care ? 'stands' : 'does not stand'}, and was told otherwise${away ? ' (away)' : ''}`,
  ]
}

/** Whether a settlement is to stand by all that was told of it; undefined where it is cancelled and restored by turns. */
function mustStand({ name }: Request, requests: readonly Request[]): boolean | undefined {
  const toldOf = (key: string): Outcome['kind'] | undefined =>
    requests.find((one) => one.name === key)?.last?.kind
  if (toldOf(`${name}r`) === 'reversed')
    return toldOf(`${name}rr`) === undefined ? false : undefined
  const cancellations = [`${name}c`, `${name}c2`].filter((key) => toldOf(key) === 'undone')
  if (cancellations.length === 0) return true
  const restored = cancellations.some((key) => toldOf(`${key}r`) === 'reversed')
  return restored ? undefined : false
}
