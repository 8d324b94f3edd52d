import type { CardFactor } from './diversify.ts'
import type { Checked, NotRight } from './keyStore.ts'
import { sameBytes } from './sameBytes.ts'

/** Every key that a version of a region has, and its length in bytes. No key serves two purposes. */
export const keyLengths = {
  'card-internal-sm4': 16,
  'card-internal-3des': 16,
  'card-external-sm4': 16,
  'card-external-3des': 16,
  tap: 16,
  'terminal-mac': 16,
  'terminal-pin': 16,
  pin: 32,
  'sign-e-credential': 32,
  'sign-e-card': 32,
} as const

export type KeyName = keyof typeof keyLengths
export const keyNames = Object.keys(keyLengths) as KeyName[]

export interface KeyVersion {
  readonly version: number
  readonly keys: Readonly<Record<KeyName, Buffer>>
}

export interface RegionKeys {
  /** Newest first, never empty: the first one computes, all of them verify. */
  readonly kept: readonly [KeyVersion, ...KeyVersion[]]
  /** Versions whose keys were destroyed; their numbers are never used again. */
  readonly retired: ReadonlySet<number>
}

/** What a key file holds. */
export interface KeyMaterial {
  readonly layers: readonly CardFactor[]
  readonly initialPin: string
  of(division: string): RegionKeys | undefined
}

export const notRight = (why: NotRight): Checked => ({ right: false, why })

/** The versions to try: the one that is on record, or all that are kept, newest first. */
export function versionsToTry(
  material: KeyMaterial,
  division: string,
  keyVersion: number | undefined,
): readonly [KeyVersion, ...KeyVersion[]] | 'no-key' | 'retired' {
  const region = material.of(division)
  if (!region) return 'no-key'
  if (keyVersion === undefined) return region.kept
  if (region.retired.has(keyVersion)) return 'retired'
  const found = region.kept.find(({ version }) => version === keyVersion)
  return found ? [found] : 'no-key'
}

/** Compares what each version computes with what was given. */
export function checkVersions(
  versions: ReturnType<typeof versionsToTry>,
  given: Uint8Array,
  compute: (keys: KeyVersion['keys']) => Uint8Array,
): Checked {
  if (typeof versions === 'string') return notRight(versions)
  for (const { version, keys } of versions)
    if (sameBytes(compute(keys), given)) return { right: true, keyVersion: version }
  return notRight('wrong')
}

/** The version that a region computes with; a division without keys is a mistake of whoever configured the process. */
export function currentKeys(material: KeyMaterial, division: string): KeyVersion {
  const region = material.of(division)
  if (!region) throw new Error(`The key store has no keys of ${division}.`)
  return region.kept[0]
}
