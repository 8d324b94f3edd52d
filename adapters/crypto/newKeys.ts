import { randomBytes } from 'node:crypto'
import { type CardFactor, usualLayers } from './diversify.ts'
import { fits, type KeyFile } from './keyFile.ts'
import { type KeyName, keyLengths, keyNames, type KeyVersion } from './keyMaterial.ts'

type Versions = ReadonlyMap<number, KeyVersion['keys'] | 'retired'>

export interface NewKeysOptions {
  /** How card keys are derived from the masters; default nation, region, card. */
  readonly layers?: readonly CardFactor[] | undefined
  /** The PIN that cards are handed out with (初始密码). */
  readonly initialPin?: string | undefined
}

/** A fresh key file with version 1 of every division. */
export function newKeyFile(
  divisions: readonly string[],
  { layers = usualLayers, initialPin = '123456' }: NewKeysOptions = {},
): KeyFile {
  return rotateKeys({ layers, initialPin, regions: new Map() }, divisions)
}

/** The same with one more version of each of these divisions, which computes from now on; older ones go on verifying. */
export function rotateKeys(file: KeyFile, divisions: readonly string[]): KeyFile {
  return changed(file, divisions, (versions) =>
    new Map(versions).set(Math.max(0, ...versions.keys()) + 1, newVersion()),
  )
}

/** The same without the keys of a version, whose number stays as one that is refused. */
export function retireKeys(file: KeyFile, divisions: readonly string[], version: number): KeyFile {
  return changed(file, divisions, (versions, division) => {
    const kept = [...versions].filter(([, keys]) => keys !== 'retired').map(([number]) => number)
    if (!kept.includes(version))
      throw new Error(`There are no keys of ${division}, version ${version}.`)
    if (kept.length === 1)
      throw new Error(`Version ${version} is the last of ${division}: rotate before you retire it.`)
    return new Map(versions).set(version, 'retired')
  })
}

function changed(
  file: KeyFile,
  divisions: readonly string[],
  change: (versions: Versions, division: string) => Versions,
): KeyFile {
  const regions = new Map(file.regions)
  for (const division of divisions)
    regions.set(division, change(regions.get(division) ?? new Map(), division))
  return { ...file, regions }
}

const newVersion = (): KeyVersion['keys'] =>
  Object.fromEntries(keyNames.map((name) => [name, newKey(name)])) as KeyVersion['keys']

/** Random bytes that are a key of this kind, at the first try but once in the life of the universe. */
function newKey(name: KeyName): Buffer {
  for (;;) {
    const key = randomBytes(keyLengths[name])
    if (fits(name, key)) return key
  }
}
