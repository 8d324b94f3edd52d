import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { type CardFactor, cardFactors, readLayers } from '../crypto/diversify.ts'
import { type KeyFile, openKeyFile, readSecret, sealKeyFile } from '../crypto/keyFile.ts'
import { newKeyFile, retireKeys, rotateKeys } from '../crypto/newKeys.ts'
import { readOwnFile } from '../crypto/ownFile.ts'
import type { Print } from './cases.ts'
import { replaceOwn, writeOwn } from './ownFiles.ts'

export const keysUsage = `jiesuan keys new --regions 510100,510700 --out FILE --secret FILE [--layers LIST] [--initial-pin PIN]
jiesuan keys rotate --file FILE --secret FILE [--regions 510100]
jiesuan keys retire --file FILE --secret FILE --version N [--regions 510100]

new     makes fresh keys of each division, encrypted under the key of the secret file, which is made where there is none
        --layers     how card keys are derived from these, default division-bcd,serial-last8;
                     also division-ascii, serial-first8 (docs/card-cryptography.md)
        --initial-pin  what cards are handed out with, default 123456
rotate  adds a version to each division (all of them unless named; a new division gets its first), which computes from the
        next start on; older versions go on verifying
retire  destroys the keys of a version: what was made with them is refused, and PINs kept under them have to be reset

Both files get mode 0600. Set KEY_STORE_FILE and KEY_STORE_SECRET_FILE to them, and keep them on different media.`

interface Wish {
  readonly regions?: string
  readonly out?: string
  readonly file?: string
  readonly secret?: string
  readonly version?: string
  readonly layers?: string
  readonly 'initial-pin'?: string
}

/** The command. Returns its exit code. */
export function keys([action, ...args]: readonly string[], print: Print): number {
  const act = action !== undefined && Object.hasOwn(actions, action) ? actions[action] : undefined
  const wish = act && readWish(args)
  if (!act || !wish) {
    print.error(keysUsage)
    return 2
  }
  try {
    const { file, text } = act(wish)
    for (const [division, versions] of text.regions) {
      const listed = [...versions].map(([n, key]) =>
        key === 'retired' ? `${n} (retired)` : `${n}`,
      )
      print.out(`${division}  versions ${listed.join(', ')}`)
    }
    print.out(`written: ${file}`)
    return 0
  } catch (error) {
    print.error(`jiesuan keys: ${(error as Error).message}`)
    return 1
  }
}

interface Written {
  readonly file: string
  readonly text: KeyFile
}

const actions: Readonly<Record<string, (wish: Wish) => Written>> = {
  new({ regions, out, secret, layers, 'initial-pin': initialPin }) {
    const file = needed(out, '--out')
    if (existsSync(file))
      throw new Error(`${file} is there already; a key file is never written over.`)
    const made = newKeyFile(divisionsOf(needed(regions, '--regions')), {
      layers: layersOf(layers),
      initialPin: initialPinOf(initialPin),
    })
    return write(file, made, openSecret(needed(secret, '--secret'), true))
  },
  rotate: (wish) => change(wish, rotateKeys),
  retire: (wish) =>
    change(wish, (file, divisions) => retireKeys(file, divisions, versionOf(wish.version))),
}

function change(
  wish: Wish,
  how: (file: KeyFile, divisions: readonly string[]) => KeyFile,
): Written {
  const file = needed(wish.file, '--file')
  const secret = openSecret(needed(wish.secret, '--secret'), false)
  const old = openKeyFile(readOwnFile(file, '--file'), secret)
  const divisions = wish.regions === undefined ? [...old.regions.keys()] : divisionsOf(wish.regions)
  return write(file, how(old, divisions), secret)
}

function readWish(args: readonly string[]): Wish | undefined {
  const text = { type: 'string' } as const
  const files = { out: text, file: text, secret: text }
  const options = { ...files, regions: text, version: text, layers: text, 'initial-pin': text }
  try {
    return parseArgs({ args: [...args], options }).values
  } catch {
    return undefined
  }
}

function needed(value: string | undefined, option: string): string {
  if (value === undefined || value === '') throw new Error(`${option} is missing.`)
  return value
}

function divisionsOf(text: string): string[] {
  const divisions = text.split(',')
  if (!divisions.every((each) => /^\d{6}$/.test(each)))
    throw new Error('--regions must be division codes of six digits, separated by commas.')
  return [...new Set(divisions)]
}

function versionOf(text: string | undefined): number {
  if (!/^[1-9]\d{0,3}$/.test(needed(text, '--version')))
    throw new Error('--version must be the number of a version.')
  return Number(text)
}

function layersOf(text: string | undefined): CardFactor[] | undefined {
  const layers = text === undefined ? undefined : readLayers(text.split(','))
  if (text !== undefined && !layers)
    throw new Error(`--layers must be one to four of ${Object.keys(cardFactors).join(', ')}.`)
  return layers
}

function initialPinOf(text: string | undefined): string | undefined {
  if (text !== undefined && !/^\d{6}$/.test(text))
    throw new Error('--initial-pin must be six digits.')
  return text
}

function openSecret(file: string, make: boolean): Buffer {
  if (make && !existsSync(file)) writeOwn(file, `${randomBytes(16).toString('hex')}\n`)
  return readSecret(readOwnFile(file, '--secret'))
}

function write(file: string, text: KeyFile, secret: Buffer): Written {
  replaceOwn(file, sealKeyFile(text, secret))
  return { file, text }
}
