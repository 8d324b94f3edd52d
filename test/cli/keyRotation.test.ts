import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { pinDeskOf } from '../../adapters/cli/pinDesk.ts'
import { usualLayers } from '../../adapters/crypto/diversify.ts'
import { type KeyFile, materialOf, sealKeyFile } from '../../adapters/crypto/keyFile.ts'
import { emulateKeyStore } from '../../adapters/crypto/keyStoreEmulator.ts'
import { retireKeys, rotateKeys } from '../../adapters/crypto/newKeys.ts'
import { sandboxKeysOf } from '../../adapters/crypto/sandboxKeys.ts'
import { createMetrics } from '../../adapters/metrics.ts'
import { openServed } from '../adapters/http/served.ts'
import { crypto, day, openWorld, type World } from '../adapters/postgres/support.ts'
import { eCardsAt } from '../support/eCards.ts'
import { chipOf, personOf, pinBody, readerAt } from '../support/reader.ts'

const regions = ['510100', '510700']
const first: KeyFile = {
  layers: usualLayers,
  initialPin: '123456',
  regions: new Map(regions.map((each) => [each, new Map([[1, sandboxKeysOf(each)]])])),
}
const second = rotateKeys(first, regions)
const deskOf = (world: World, file: KeyFile) =>
  pinDeskOf(
    { pool: world.pool, crypto, clock: world.clock, metrics: createMetrics() },
    emulateKeyStore(materialOf(file)),
  )

test('a right PIN is kept under the newest keys from then on, and outlives the older ones', async () => {
  const world = await openWorld()
  try {
    const { card } = personOf('E1')
    const { terminal, block } = pinBody('135790', 'E1')
    const entered = { terminal, block: Buffer.from(block, 'hex') }
    const store = emulateKeyStore(materialOf(first))
    const kept = { division: '510100', number: card.number }
    const made = store.pinVerifier({ ...entered, card: kept })
    if ('refused' in made) throw new Error('unreadable')
    const verifier = { bytes: made.verifier, keyVersion: 1, tries: 3 }
    await world.register.putCard({ ...card, owner: 'P1', issued: day }, verifier)
    const check = async (file: KeyFile) =>
      deskOf(world, file).check({ ...card, owner: 'P1', id: 'C' }, entered, 'H1')
    const right = { kind: 'right', initial: false }
    expect(await check(second)).toEqual(right)
    // The terminal would be given new keys by then; here only those of PINs are gone.
    const gone = retireKeys(second, ['510100'], 1)
    const versions = new Map(gone.regions.get('510100'))
    const newest = versions.get(2)
    if (!newest || newest === 'retired') throw new Error('no second version')
    const terminals = { ...newest, 'terminal-pin': sandboxKeysOf('510100')['terminal-pin'] }
    versions.set(2, terminals)
    expect(await check({ ...gone, regions: new Map([['510100', versions]]) })).toEqual(right)
  } finally {
    await world.close()
  }
})

const folder = mkdtempSync(join(tmpdir(), 'jiesuan-rotated-'))
let served: Awaited<ReturnType<typeof openServed>>
beforeAll(async () => {
  const [file, secretFile] = [join(folder, 'keys'), join(folder, 'secret')]
  const secret = Buffer.alloc(16, 7)
  writeFileSync(file, sealKeyFile(second, secret), { mode: 0o600 })
  writeFileSync(secretFile, secret.toString('hex'), { mode: 0o600 })
  served = await openServed({ KEY_STORE_FILE: file, KEY_STORE_SECRET_FILE: secretFile })
})
afterAll(async () => {
  await served.close()
  rmSync(folder, { recursive: true })
})

test('a card with older keys is genuine, and is proved the centre by the same keys', async () => {
  const chip = chipOf('E1')
  const cardChallenge = chip.challenge().toString('hex')
  const pin = pinBody('135790', 'E1')
  const told = await readerAt(served.post).read('E1', { cardChallenge, pin })
  expect(told.json).toMatchObject({ proof: 'cryptogram', pin: 'checked' })
  expect(chip.accepts(Buffer.from(String(told.json['external']), 'hex'))).toBe(true)
})

test('a token is signed with the newest keys, and all are told', async () => {
  const token = Buffer.from(await eCardsAt(served.post).token('E1'), 'base64url')
  expect(token.readUInt16BE(6)).toBe(2)
  const { keys } = (await served.ask('/v1/e-cards/keys')).json as { keys: { keyVersion: number }[] }
  expect(new Set(keys.map(({ keyVersion }) => keyVersion))).toEqual(new Set([1, 2]))
})
