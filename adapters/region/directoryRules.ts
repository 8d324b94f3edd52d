import type { Division } from '../../engine/claim.ts'
import type { RegionDirectory } from './directory.ts'
import { type DirectoryOptions, WrongDirectory } from './directoryShape.ts'

/** What no schema can see: who is who stays clear, and nothing in it is known to everybody. */
export function checkDirectory(
  directory: RegionDirectory,
  file: string,
  options: DirectoryOptions,
): void {
  const wrong = [
    ...areasOf(directory, options),
    ...ownOf(directory, options),
    ...keysOf(directory),
    ...(options.mode === 'production' ? openOf(directory, options) : []),
  ]
  if (wrong.length > 0) throw new WrongDirectory(`${file}: ${wrong.join(' ')}`)
}

/** A division belongs to one region. */
function areasOf({ partners }: RegionDirectory, { served, known }: DirectoryOptions): string[] {
  const wrong: string[] = []
  const takenBy = new Map<Division, Division>()
  for (const own of served)
    for (const each of known(own)?.divisions ?? [own]) takenBy.set(each, own)
  for (const { division, divisions } of partners.values()) {
    if (served.includes(division)) wrong.push(`${division} is served here, so it is not asked.`)
    else if (!divisions.includes(division))
      wrong.push(`The divisions of ${division} must hold ${division} itself.`)
    else
      for (const each of divisions) {
        const other = takenBy.get(each)
        if (other !== undefined) wrong.push(`${each} belongs to ${division} and to ${other}.`)
        takenBy.set(each, division)
      }
  }
  return wrong
}

function ownOf({ own }: RegionDirectory, { served }: DirectoryOptions): string[] {
  const without = served.filter((each) => !own.has(each))
  const strange = [...own.keys()].filter((each) => !served.includes(each))
  return [
    ...without.map((each) => `own has no key of ${each}, which REGIONS names.`),
    ...strange.map((each) => `own has keys of ${each}, which REGIONS does not name.`),
  ]
}

/** A key under which two regions could sign would tell neither of them. */
function keysOf({ own, partners }: RegionDirectory): string[] {
  const wrong: string[] = []
  const holders = new Map<string, string>()
  const note = (of: Division, id: string, publicKey: string): void => {
    const name = `${id} of ${of}`
    const holder = holders.get(publicKey)
    if (holder !== undefined) wrong.push(`The key ${name} is also the key ${holder}.`)
    holders.set(publicKey, name)
  }
  for (const [of, keys] of own) {
    wrong.push(
      ...twice(
        of,
        keys.map(({ key }) => key.id),
      ),
    )
    for (const { key } of keys) note(of, key.id, key.publicKey)
  }
  for (const { division, keys } of partners.values()) {
    wrong.push(
      ...twice(
        division,
        keys.map(({ id }) => id),
      ),
    )
    for (const { id, publicKey } of keys) note(division, id, publicKey)
  }
  return wrong
}

const twice = (of: Division, ids: readonly string[]): string[] =>
  ids.filter((id, at) => ids.indexOf(id) !== at).map((id) => `${of} has the key id ${id} twice.`)

const loopback = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/

/** Outside the sandbox nothing is signed with what everybody knows, and nothing about people goes over a network in clear. */
function openOf({ own, partners }: RegionDirectory, { keys }: DirectoryOptions): string[] {
  const everybodys = new Set(
    [...own.keys(), ...partners.keys()].map((of) => keys.sandbox(of).publicKey),
  )
  const ofOwn = [...own].flatMap(([of, all]) => all.map(({ key }) => ({ of, ...key })))
  const ofOthers = [...partners].flatMap(([of, all]) => all.keys.map((key) => ({ of, ...key })))
  const known = [...ofOwn, ...ofOthers].filter(({ publicKey }) => everybodys.has(publicKey))
  const clear = [...partners.values()].filter(
    ({ url }) => url.protocol === 'http:' && !loopback.test(url.hostname),
  )
  return [
    ...known.map(({ of, id }) => `The key ${id} of ${of} is the sandbox's, which everybody knows.`),
    ...clear.map(
      ({ division }) =>
        `The url of ${division} must be https, or http to a gateway on this machine.`,
    ),
  ]
}
