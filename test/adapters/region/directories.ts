import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  newRegionKey,
  openRegionKey,
  sandboxRegionKey,
} from '../../../adapters/crypto/regionKeys.ts'
import { readDirectory } from '../../../adapters/region/directoryFile.ts'
import { type DirectoryOptions, WrongDirectory } from '../../../adapters/region/directoryShape.ts'
import type { Region } from '../../../engine/route.ts'
import { guangzhou, pairOf } from './support.ts'

const folder = mkdtempSync(join(tmpdir(), 'jiesuan-regions-'))
process.once('exit', () => rmSync(folder, { recursive: true }))

const chengdu: Region = {
  division: '510100',
  name: '成都市',
  province: '510000',
  divisions: ['510100', '510104'],
}
export const shanghai: Region = {
  division: '310100',
  name: '上海市',
  province: '310000',
  divisions: ['310100'],
}
const ruled = [chengdu, shanghai]
const keys = { open: openRegionKey, sandbox: sandboxRegionKey }
export const options: DirectoryOptions = {
  mode: 'production',
  served: ['510100'],
  known: (division) => ruled.find((one) => one.division === division),
  keys,
}
export const sandbox: DirectoryOptions = { ...options, mode: 'sandbox' }

export const keyFile = (name: string, text: string, mode = 0o600): string => {
  const path = join(folder, name)
  writeFileSync(path, text, { mode })
  chmodSync(path, mode)
  return name
}
keyFile('a.key', newRegionKey('510100', '510100-2026a'))
keyFile('b.key', newRegionKey('510100', '510100-2026b'))

let files = 0
export function read(text: string, how = options) {
  const file = join(folder, `directory-${++files}.yaml`)
  writeFileSync(file, text)
  try {
    return readDirectory(file, how)
  } catch (error) {
    if (!(error instanceof WrongDirectory)) throw error
    throw new WrongDirectory(error.message.replaceAll(folder, ''))
  }
}
export const complaint = (text: string, how = options): string => {
  try {
    read(text, how)
    return 'nothing is wrong'
  } catch (error) {
    return (error as Error).message
  }
}

export const own = `own:
  - division: 510100
    keys:
      - {id: 510100-2026a, file: a.key, from: 2026-01-01, until: 2026-12-31}
      - {id: 510100-2026b, file: b.key, from: 2026-12-01}
`
export const partner = `regions:
  - division: 440100
    name: 广州市
    province: 440000
    divisions: [440100, 440103]
    url: https://region.example:8443
    versions: [1, 2]
    keys:
      - {id: ${guangzhou.id}, publicKey: ${guangzhou.publicKey}, from: 2026-01-01}
      - {id: old, publicKey: ${pairOf('440100', 'old').publicKey}, from: 2025-01-01, until: 2026-01-31, revoked: true}
`
export const whole = own + partner
export const small = `regions:
  - {division: 310100, url: 'http://127.0.0.1:8081', keys: sandbox}
`
