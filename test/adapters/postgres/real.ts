import { loadRules } from '../../../adapters/rulepacks/load.ts'
import { dayInChina } from '../../../adapters/sandbox/clock.ts'
import type { OpeningBalance } from '../../../adapters/sandbox/needs.ts'
import { enterWorld, readWorld } from '../../../adapters/sandbox/world.ts'
import type { NewCard } from '../../../engine/card.ts'
import type { Ports } from '../../../engine/process.ts'
import { type LocalProcess, startLocalProcess } from '../../support/localProcess.ts'
import { ids, openWorld, type World, type WorldOptions } from './support.ts'

const rules = loadRules('rules', { sandbox: true })
const sandbox = readWorld('rules')

/** The process as it is served, with the sandbox's people and rules, on books of its own. */
export interface RealWorld {
  readonly books: World
  readonly process: LocalProcess
  person(key: string): (typeof sandbox.people)[number]
  close(): Promise<void>
}

export async function realWorld(
  options: WorldOptions = {},
  more: Partial<Ports> = {},
): Promise<RealWorld> {
  const books = await openWorld(options)
  const registry = {
    ...books.register,
    putCard: (card: NewCard) => books.register.putCard(card),
    openAccounts: (due: readonly OpeningBalance[]) => books.opening.open(due),
  }
  await enterWorld(sandbox, registry, 'sandbox')
  const process = startLocalProcess({ ...portsOn(books), ...more })
  return {
    books,
    process,
    person(key) {
      const found = sandbox.people.find((one) => one.key === key)
      if (!found) throw new Error(`the sandbox has no ${key}`)
      return found
    },
    close: () => books.close(),
  }
}

export const portsOn = (books: World): Ports => ({
  books: books.books,
  clock: books.clock,
  ids,
  rulebooks: rules.rulebooks,
  regions: rules.rulebooks.directory(['510100', '510700']),
  packHash: rules.hashes.whole,
  dayOf: dayInChina,
  pause: (attempt) => new Promise((resolve) => setTimeout(resolve, attempt)),
  tell(event) {
    if (event.kind === 'bug') throw event.error
  },
})
