import { usualLayers } from './diversify.ts'
import {
  type KeyMaterial,
  type KeyName,
  keyLengths,
  keyNames,
  type KeyVersion,
} from './keyMaterial.ts'
import { sm3 } from './sm3.ts'

/**
 * The master of every sandbox in the world. It stands here for anyone to read and so proves nothing: whoever can read can
 * make a genuine card of the sandbox, and adapters/simulator does. Outside the sandbox a key file with its keys is refused.
 */
export const sandboxMaster = 'jiesuan sandbox master key, not secret'

/** Keys that are not derived further have the division in them; the others are the nation's. */
const ofRegion: readonly KeyName[] = ['pin', 'sign-e-credential', 'sign-e-card']

function sandboxKey(name: KeyName, division: string): Buffer {
  const where = ofRegion.includes(name) ? ` ${division}` : ''
  return sm3(`${sandboxMaster}: ${name}${where}`).subarray(0, keyLengths[name])
}

export const sandboxKeysOf = (division: string): KeyVersion['keys'] =>
  Object.fromEntries(
    keyNames.map((name) => [name, sandboxKey(name, division)]),
  ) as KeyVersion['keys']

/** Every division has version 1 in the sandbox. */
export function sandboxMaterial(): KeyMaterial {
  const made = new Map<string, KeyVersion>()
  const versionOf = (division: string): KeyVersion => {
    const known = made.get(division) ?? { version: 1, keys: sandboxKeysOf(division) }
    made.set(division, known)
    return known
  }
  return {
    layers: usualLayers,
    initialPin: '123456',
    of: (division) =>
      /^\d{6}$/.test(division)
        ? { kept: [versionOf(division)], retired: new Set<number>() }
        : undefined,
  }
}
