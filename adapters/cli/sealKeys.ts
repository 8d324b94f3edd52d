import { existsSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { newSealKey, openSealKey, type SealKeyPair } from '../crypto/sealKeys.ts'
import type { Print } from './cases.ts'
import { needed, writeOwn } from './ownFiles.ts'

export const sealKeysUsage = `jiesuan seal-keys new --name 510100-2026a --out FILE [--after OLDFILE]
jiesuan seal-keys show --file FILE

new   makes a key pair that heads of the journal's log are signed with. The file has mode 0600 and is never written over.
      With --after the key before vouches for the new one, so that whoever has the first public key can follow
show  prints the public half again

SEAL_KEY_FILE names the file. To change keys: make a new one --after the old one, set SEAL_KEY_FILE to it, start again; the old
file may then be destroyed. What is printed goes to auditors and to other regions, who verify with it: it must reach them by
other ways than an export.`

/** The command. Returns its exit code. */
export function sealKeys([action, ...args]: readonly string[], print: Print): number {
  const act = action !== undefined && Object.hasOwn(actions, action) ? actions[action] : undefined
  const wish = act && readWish(args)
  if (!act || !wish) {
    print.error(sealKeysUsage)
    return 2
  }
  try {
    const { name, publicKey } = act(wish)
    print.out(`${name} ${publicKey}`)
    return 0
  } catch (error) {
    print.error(`jiesuan seal-keys: ${(error as Error).message}`)
    return 1
  }
}

interface Wish {
  readonly name?: string
  readonly out?: string
  readonly after?: string
  readonly file?: string
}

const actions: Readonly<Record<string, (wish: Wish) => SealKeyPair>> = {
  new({ name, out, after }) {
    const file = needed(out, '--out')
    if (existsSync(file))
      throw new Error(`${file} is there already; a key file is never written over.`)
    const before = after === undefined ? undefined : openSealKey(after, '--after')
    writeOwn(file, newSealKey(needed(name, '--name'), before))
    return openSealKey(file, '--out')
  },
  show: ({ file }) => openSealKey(needed(file, '--file'), '--file'),
}

function readWish(args: readonly string[]): Wish | undefined {
  const text = { type: 'string' } as const
  try {
    return parseArgs({
      args: [...args],
      options: { name: text, out: text, after: text, file: text },
    }).values
  } catch {
    return undefined
  }
}
