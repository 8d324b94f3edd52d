import { describe, expect, test } from 'vitest'
import { sandboxRegionKey } from '../../../adapters/crypto/regionKeys.ts'
import { judgeKey, signingKey } from '../../../adapters/region/directory.ts'
import { lonelyDirectory } from '../../../adapters/region/directoryFile.ts'
import { read, sandbox, shanghai, small, whole } from './directories.ts'
import { guangzhou } from './support.ts'

describe('the directory of regions', () => {
  test('says where regions are, which divisions they pool, and with which keys they sign', () => {
    const found = read(whole).partners.get('440100')
    expect(found).toMatchObject({
      division: '440100',
      name: '广州市',
      province: '440000',
      divisions: ['440100', '440103'],
      atOnce: 32,
      waiting: 32,
      together: 1,
      timeOut_ms: 10_000,
      keys: [
        { id: guangzhou.id, publicKey: guangzhou.publicKey, from: '2026-01-01', revoked: false },
        { id: 'old', from: '2025-01-01', until: '2026-01-31', revoked: true },
      ],
    })
    expect(found?.url.href).toBe('https://region.example:8443/')
  })

  test('holds limits of a region where it has other ones', () => {
    const text = whole.replace(
      'versions: [1, 2]',
      'atOnce: 2\n    waiting: 5\n    together: 64\n    timeOut_ms: 3000',
    )
    expect(read(text).partners.get('440100')).toMatchObject({
      atOnce: 2,
      waiting: 5,
      together: 64,
      timeOut_ms: 3_000,
    })
  })

  test('lets more messages wait for a region that takes several in one envelope', () => {
    const waiting = (together: string) =>
      read(whole.replace('versions: [1, 2]', `together: ${together}`)).partners.get('440100')
        ?.waiting
    expect(['1', '4', '32', '64'].map(waiting)).toEqual([32, 32, 256, 512])
  })

  test('opens our own keys, of which the newest signs from its first day on', () => {
    const directory = read(whole)
    const on = (day: string) =>
      signingKey(directory, '510100', Date.parse(`${day}T00:00:00+08:00`))?.id
    expect([
      on('2025-12-31'),
      on('2026-01-01'),
      on('2026-11-30'),
      on('2026-12-01'),
      on('2027-06-01'),
    ]).toEqual([undefined, '510100-2026a', '510100-2026a', '510100-2026b', '510100-2026b'])
    expect(signingKey(directory, '510700', Date.now())).toBeUndefined()
  })

  test('knows which key of a region counts on which day', () => {
    const found = read(whole).partners.get('440100')
    if (!found) throw new Error('Guangzhou is missing')
    const judge = (id: string, day: string) => {
      const judged = judgeKey(found, id, Date.parse(`${day}T12:00:00+08:00`))
      return typeof judged === 'string' ? judged : judged.id
    }
    expect(judge(guangzhou.id, '2026-06-01')).toBe(guangzhou.id)
    expect(judge(guangzhou.id, '2025-12-31')).toBe('key-not-valid')
    expect(judge('old', '2026-01-15')).toBe('key-revoked')
    expect(judge('new', '2026-01-15')).toBe('key-unknown')
  })

  test('is a few words where two sandboxes want to talk: the rules know the rest', () => {
    const directory = read(small, sandbox)
    expect(directory.partners.get('310100')).toMatchObject({
      ...shanghai,
      keys: [{ id: 'sandbox-310100', publicKey: sandboxRegionKey('310100').publicKey }],
    })
    const key = signingKey(directory, '510100', Date.now())
    expect(key).toMatchObject({ id: 'sandbox-510100' })
    const other = lonelyDirectory({ ...sandbox, served: ['310100'] })
    expect(signingKey(other, '310100', Date.now())?.publicKey).toBe(
      directory.partners.get('310100')?.keys[0]?.publicKey,
    )
  })
})
