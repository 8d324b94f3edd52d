import { createCipher } from './cipher.ts'
import { type CardFactor, readLayers } from './diversify.ts'
import {
  type KeyMaterial,
  type KeyName,
  keyLengths,
  keyNames,
  type KeyVersion,
  type RegionKeys,
} from './keyMaterial.ts'
import { sameBytes } from './sameBytes.ts'
import { sm2PublicKey } from './sm2.ts'

/** What a key file says, line by line; `KeyMaterial` is made from it. */
export interface KeyFile {
  readonly layers: readonly CardFactor[]
  readonly initialPin: string
  readonly regions: ReadonlyMap<string, ReadonlyMap<number, KeyVersion['keys'] | 'retired'>>
}

const firstLine = 'jiesuan key store 1'
const aad = Buffer.from(firstLine)

/** Encrypts a key file: SM4-GCM under the key of the secret file. */
export function sealKeyFile(file: KeyFile, secret: Buffer): string {
  const { bytes } = cipherOf(secret).encrypt(Buffer.from(writeKeyLines(file)), aad)
  return `${firstLine}\n${bytes.toString('base64')}\n`
}

/** Opens what `sealKeyFile` made. Nothing of either file is ever repeated in a message. */
export function openKeyFile(text: string, secret: Buffer): KeyFile {
  const [first, body, ...rest] = text.trimEnd().split('\n')
  if (first !== firstLine || body === undefined || rest.length > 0)
    throw new Error(
      `KEY_STORE_FILE is no key file: it starts with the line "${firstLine}"; "jiesuan keys new" makes one.`,
    )
  let lines: string
  try {
    lines = cipherOf(secret).decrypt(Buffer.from(body, 'base64'), aad).toString('utf8')
  } catch {
    throw new Error(
      'KEY_STORE_FILE does not open with the key of KEY_STORE_SECRET_FILE: it was changed, or the key is another one.',
    )
  }
  return readKeyLines(lines)
}

/** The key of a secret file: 32 hexadecimal digits. */
export function readSecret(text: string): Buffer {
  if (!/^[0-9a-f]{32}\n?$/.test(text))
    throw new Error('KEY_STORE_SECRET_FILE must hold 32 hexadecimal digits and nothing else.')
  return Buffer.from(text.trim(), 'hex')
}

export function materialOf({ layers, initialPin, regions }: KeyFile): KeyMaterial {
  const read = new Map([...regions].map(([division, versions]) => [division, regionOf(versions)]))
  return { layers, initialPin, of: (division) => read.get(division) }
}

function regionOf(versions: ReadonlyMap<number, KeyVersion['keys'] | 'retired'>): RegionKeys {
  const kept: KeyVersion[] = []
  const retired = new Set<number>()
  for (const [version, keys] of [...versions].toSorted(([a], [b]) => b - a))
    if (keys === 'retired') retired.add(version)
    else kept.push({ version, keys })
  return { kept: kept as [KeyVersion, ...KeyVersion[]], retired }
}

const cipherOf = (secret: Buffer) => createCipher({ current: 1, keys: new Map([[1, secret]]) })

function writeKeyLines({ layers, initialPin, regions }: KeyFile): string {
  const lines = [`layers ${layers.join(' ')}`, `initial-pin ${initialPin}`]
  for (const [division, versions] of regions)
    for (const [version, keys] of versions) {
      if (keys === 'retired') lines.push(`${division} ${version} retired`)
      else
        for (const name of keyNames)
          lines.push(`${division} ${version} ${name} ${keys[name].toString('hex')}`)
    }
  return lines.join('\n')
}

const layersLine = /^layers (.+)$/
const pinLine = /^initial-pin (\d{6})$/
const retiredLine = /^(\d{6}) ([1-9]\d{0,3}) retired$/
const keyLine = new RegExp(`^(\\d{6}) ([1-9]\\d{0,3}) (${keyNames.join('|')}) ((?:[0-9a-f]{2})+)$`)

type Versions = Map<number, Map<KeyName, Buffer> | 'retired'>

function readKeyLines(text: string): KeyFile {
  const [first, pin, ...lines] = text.split('\n')
  const layers = readLayers(layersLine.exec(first ?? '')?.[1]?.split(' ') ?? [])
  const initial = pinLine.exec(pin ?? '')
  if (!layers || !initial)
    throw new Error('The key file must start with its lines "layers" and "initial-pin".')
  const regions = new Map<string, Versions>()
  for (const [at, line] of lines.entries())
    if (!readLine(regions, line))
      throw new Error(`The key file, line ${at + 3}, is no key, or one that was given before.`)
  const whole = [...regions].map(([d, versions]) => [d, checkVersions(d, versions)] as const)
  if (whole.length === 0) throw new Error('The key file holds no keys.')
  return {
    layers,
    initialPin: initial[1] as string,
    regions: new Map(whole),
  }
}

function readLine(regions: Map<string, Versions>, line: string): boolean {
  const [, division, version, name, digits] = retiredLine.exec(line) ?? keyLine.exec(line) ?? []
  if (division === undefined) return false
  const versions = regions.get(division) ?? new Map()
  regions.set(division, versions)
  const known = versions.get(Number(version))
  if (name === undefined) return known === undefined && !!versions.set(Number(version), 'retired')
  if (known === 'retired' || known?.has(name)) return false
  const key = Buffer.from(digits as string, 'hex')
  versions.set(Number(version), (known ?? new Map()).set(name, key))
  return fits(name as KeyName, key)
}

/** Triple DES with two equal halves is single DES, and an SM2 key lies between 1 and n - 2. */
export function fits(name: KeyName, key: Buffer): boolean {
  if (key.length !== keyLengths[name]) return false
  if (name.endsWith('3des')) return !sameBytes(key.subarray(0, 8), key.subarray(8))
  if (!name.startsWith('sign-')) return true
  try {
    return sm2PublicKey(key.toString('hex')).length > 0
  } catch {
    return false
  }
}

function checkVersions(
  division: string,
  versions: Versions,
): Map<number, KeyVersion['keys'] | 'retired'> {
  const whole = [...versions].map(([version, keys]) => {
    if (keys !== 'retired' && keys.size < keyNames.length)
      throw new Error(`The key file lacks a key of ${division}, version ${version}.`)
    return [version, keys === 'retired' ? keys : Object.fromEntries(keys)] as const
  })
  if (whole.every(([, keys]) => keys === 'retired'))
    throw new Error(`The key file has no version of ${division} that is not retired.`)
  return new Map(whole as [number, KeyVersion['keys'] | 'retired'][])
}
