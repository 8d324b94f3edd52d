import { existsSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { newRegionKey, openRegionKey, type RegionKey } from '../crypto/regionKeys.ts'
import type { Print } from './cases.ts'
import { needed, writeOwn } from './ownFiles.ts'

export const regionKeysUsage = `jiesuan region-keys new --division 510100 --id 510100-2026a --out FILE
jiesuan region-keys show --file FILE

new   makes a key pair that a region signs its messages to other regions with. The file has mode 0600 and is never written over
show  prints the public half again

What is printed goes to the other regions, under "keys" of this region in the file that their REGION_DIRECTORY names, with the
days from and until which it counts. The file itself stays here, under "own" (docs/region-protocol.md). To change keys, make a
new one and send its public half first; both count until the old one's last day.`

/** The command. Returns its exit code. */
export function regionKeys([action, ...args]: readonly string[], print: Print): number {
  const act = action !== undefined && Object.hasOwn(actions, action) ? actions[action] : undefined
  const wish = act && readWish(args)
  if (!act || !wish) {
    print.error(regionKeysUsage)
    return 2
  }
  try {
    const { division, id, publicKey } = act(wish)
    print.out(`# ${division}`)
    print.out(`- id: ${id}\n  publicKey: ${publicKey}`)
    return 0
  } catch (error) {
    print.error(`jiesuan region-keys: ${(error as Error).message}`)
    return 1
  }
}

interface Wish {
  readonly division?: string
  readonly id?: string
  readonly out?: string
  readonly file?: string
}

const actions: Readonly<Record<string, (wish: Wish) => RegionKey>> = {
  new({ division, id, out }) {
    const file = needed(out, '--out')
    if (existsSync(file))
      throw new Error(`${file} is there already; a key file is never written over.`)
    writeOwn(file, newRegionKey(needed(division, '--division'), needed(id, '--id')))
    return openRegionKey(file, '--out')
  },
  show: ({ file }) => openRegionKey(needed(file, '--file'), '--file'),
}

function readWish(args: readonly string[]): Wish | undefined {
  const text = { type: 'string' } as const
  try {
    return parseArgs({
      args: [...args],
      options: { division: text, id: text, out: text, file: text },
    }).values
  } catch {
    return undefined
  }
}
