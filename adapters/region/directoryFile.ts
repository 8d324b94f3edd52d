import { readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import type { Static } from 'typebox'
import { Value } from 'typebox/value'
import { parse } from 'yaml'
import type { Division } from '../../engine/claim.ts'
import type { OwnKey, RegionDirectory } from './directory.ts'
import { firstDay, partnerOf, spanOf } from './directoryPartners.ts'
import { checkDirectory } from './directoryRules.ts'
import {
  complaintOf,
  type DirectoryOptions,
  FileShape,
  type OwnShape,
  WrongDirectory,
} from './directoryShape.ts'
import type { KeySource } from './needs.ts'

/** Reads the file that REGION_DIRECTORY names; whatever is wrong is told with the file and the field. */
export function readDirectory(file: string, options: DirectoryOptions): RegionDirectory {
  if (!statSync(file, { throwIfNoEntry: false })?.isFile())
    throw new WrongDirectory(`REGION_DIRECTORY is ${file}, where there is no file.`)
  let parsed: unknown
  try {
    parsed = parse(readFileSync(file, 'utf8'), { schema: 'failsafe' })
  } catch (error) {
    throw new WrongDirectory(`${file} is no YAML: ${(error as Error).message}`)
  }
  if (!Value.Check(FileShape, parsed)) throw new WrongDirectory(`${file}, ${complaintOf(parsed)}.`)
  const made = directoryOf(parsed, file, options)
  checkDirectory(made, file, options)
  return made
}

/** A sandbox without a file: it signs with its openly known keys, and knows nobody. */
export const lonelyDirectory = ({ served, keys }: DirectoryOptions): RegionDirectory => ({
  partners: new Map(),
  own: sandboxKeys(served, keys),
})

type Parsed = Static<typeof FileShape>

function directoryOf(
  { own = 'sandbox', regions }: Parsed,
  file: string,
  options: DirectoryOptions,
): RegionDirectory {
  return {
    own:
      own === 'sandbox' ? sandboxKeys(options.served, options.keys) : ownKeys(own, file, options),
    partners: new Map(
      regions.map((region, at) => {
        if (regions.findIndex((one) => one.division === region.division) !== at)
          throw new WrongDirectory(
            `${file}, at regions.${at}: ${region.division} stands there twice.`,
          )
        return [region.division, partnerOf(region, `${file}, at regions.${at}`, options)]
      }),
    ),
  }
}

const sandboxKeys = (
  served: readonly Division[],
  keys: KeySource,
): ReadonlyMap<Division, readonly OwnKey[]> =>
  new Map(served.map((each) => [each, [{ key: keys.sandbox(each), from: firstDay }]]))

/** Paths of key files count from where the directory stands. */
function ownKeys(
  own: readonly Static<typeof OwnShape>[],
  file: string,
  { keys }: DirectoryOptions,
): ReadonlyMap<Division, readonly OwnKey[]> {
  const opened = new Map<Division, OwnKey[]>()
  for (const [at, { division: of, keys: listed }] of own.entries()) {
    const all = opened.get(of) ?? []
    for (const [n, entry] of listed.entries()) {
      const what = `${file}, at own.${at}.keys.${n}.file,`
      const key = openKey(keys, path.resolve(path.dirname(file), entry.file), what)
      if (key.division !== of || key.id !== entry.id)
        throw new WrongDirectory(
          `${what} is the key ${key.id} of ${key.division}, not ${entry.id} of ${of}.`,
        )
      all.push({ key, ...spanOf(entry) })
    }
    opened.set(of, all)
  }
  return opened
}

function openKey(keys: KeySource, file: string, what: string): OwnKey['key'] {
  try {
    return keys.open(file, what)
  } catch (error) {
    throw new WrongDirectory((error as Error).message)
  }
}
