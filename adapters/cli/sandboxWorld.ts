import { policyOf } from '../../engine/cardPolicy.ts'
import { sm3 } from '../crypto/sm3.ts'
import { drawBytes } from '../crypto/drawnBytes.ts'
import { createIds } from '../postgres/ids.ts'
import { createOpening } from '../postgres/opening.ts'
import { createRegister } from '../postgres/register.ts'
import type { Registry } from '../sandbox/needs.ts'
import { enterWorld, readWorld, servedPart } from '../sandbox/world.ts'
import { pinIn } from './sandboxPins.ts'
import type { World } from './serve.ts'

/** Enters the people and institutions of the sandbox into a database that is empty. */
export async function openSandbox({
  config,
  pool,
  crypto,
  clock,
  log,
  keyStore,
  rules,
}: World): Promise<void> {
  const now = () => clock.now()
  const register = createRegister({ pool, crypto, now })
  if ((await register.institutions()).length > 0) return
  const opening = createOpening({ pool, crypto, ids: createIds({ sm3, drawBytes }), now })
  const world = servedPart(readWorld(config.rulesDirectory), config.regions)
  const registry: Registry = {
    ...register,
    putCard: async (card, pin) => {
      const { pinTries } = policyOf(rules.rulebooks, card.managedIn)
      return register.putCard(card, keyStore && pinIn(keyStore, card, pin, pinTries))
    },
    openAccounts: (balances) => opening.open(balances),
  }
  await enterWorld(world, registry, config.mode)
  log.info(
    `the sandbox has ${world.people.length} invented people and ${world.institutions.length} institutions`,
  )
}
