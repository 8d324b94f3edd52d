import { type KeyFile, materialOf, openKeyFile, readSecret } from './keyFile.ts'
import { keyNames } from './keyMaterial.ts'
import type { KeyStore } from './keyStore.ts'
import { emulateKeyStore } from './keyStoreEmulator.ts'
import { readOwnFile } from './ownFile.ts'
import { sameBytes } from './sameBytes.ts'
import { sandboxKeysOf, sandboxMaterial } from './sandboxKeys.ts'

export interface KeyStoreOptions {
  /** KEY_STORE_FILE and KEY_STORE_SECRET_FILE: both or neither. */
  readonly file: string | undefined
  readonly secretFile: string | undefined
  readonly mode: 'sandbox' | 'production'
  /** Divisions that are served here: a key file has keys of each. */
  readonly regions: readonly string[]
}

/**
 * The keys of this centre. Without a file the sandbox has its own; a production has none, and then no card can be proved
 * genuine here, no PIN checked and no token signed: the caller says so where somebody asks for it.
 */
export function openKeyStore({
  file,
  secretFile,
  mode,
  regions,
}: KeyStoreOptions): KeyStore | undefined {
  if (file === undefined && secretFile === undefined)
    return mode === 'sandbox' ? emulateKeyStore(sandboxMaterial()) : undefined
  if (file === undefined || secretFile === undefined)
    throw new Error(
      'KEY_STORE_FILE and KEY_STORE_SECRET_FILE belong together; set both or neither.',
    )
  const secret = readSecret(readOwnFile(secretFile, 'KEY_STORE_SECRET_FILE'))
  const keys = openKeyFile(readOwnFile(file, 'KEY_STORE_FILE'), secret)
  if (mode !== 'sandbox') refuseSandboxKeys(keys)
  const missing = regions.filter((division) => !keys.regions.has(division))
  if (missing.length > 0)
    throw new Error(
      `KEY_STORE_FILE has no keys of ${missing.join(', ')}, which REGIONS names; add them with "jiesuan keys new" or serve without.`,
    )
  return emulateKeyStore(materialOf(keys))
}

function refuseSandboxKeys({ regions }: KeyFile): void {
  for (const [division, versions] of regions) {
    const known = sandboxKeysOf(division)
    for (const keys of versions.values())
      if (keys !== 'retired' && keyNames.some((name) => sameBytes(keys[name], known[name])))
        throw new Error(
          'KEY_STORE_FILE holds keys of the sandbox, which everybody knows. Make new keys.',
        )
  }
}
