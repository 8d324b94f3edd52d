import fc from 'fast-check'
import { zipSync } from 'fflate'
import { describe, expect, test } from 'vitest'
import {
  fileEntry,
  type FileRow,
  fileSubject,
  readFile,
  unzipTable,
  WrongFile,
  zipTable,
} from '../../../adapters/nhsa/files.ts'

const text = (value: string): Uint8Array => Buffer.from(value, 'utf8')

describe('a table in a file', () => {
  const cell = fc.option(
    fc.string({ unit: 'grapheme' }).filter((value) => value.trim() === value && value !== ''),
    { nil: undefined },
  )
  const plain = (value: string | undefined): boolean => value === undefined || value !== 'null'

  test('comes back as it was written, whatever it says', () => {
    fc.assert(
      fc.property(fc.array(fc.array(cell.filter(plain), { minLength: 1 })), (rows) => {
        const clean = rows.map(
          (row): FileRow =>
            row.map((value) => value?.replaceAll(/[\t\r\n]/g, ' ').trim() || undefined),
        )
        expect(unzipTable(zipTable('a.txt', clean))).toEqual(clean)
      }),
    )
  })

  test('has the same bytes when it is written again', () => {
    const rows = [['结算', undefined, '1.00']]
    expect(zipTable('a.txt', rows)).toEqual(zipTable('a.txt', rows))
  })

  test('writes what is empty as "null", and a TAB in a value as a blank', () => {
    const [row] = unzipTable(zipTable('a.txt', [['a\tb', undefined, '']]))
    expect(row).toEqual(['a b', undefined, undefined])
  })

  test('may end its lines as Windows does', () => {
    const file = zipSync({ 'a.txt': text('1\t2\r\n3\tnull\r\n') })
    expect(unzipTable(file)).toEqual([
      ['1', '2'],
      ['3', undefined],
    ])
  })

  test.each([
    ['no archive', text('1\t2\n'), '文件须为ZIP压缩包'],
    ['nothing', new Uint8Array(), '文件须为ZIP压缩包'],
    ['an archive of nothing', zipSync({}), '压缩包须只含一个TXT文件'],
    ['two files', zipSync({ a: text('1'), b: text('2') }), '压缩包须只含一个TXT文件'],
    ['GBK', zipSync({ a: Uint8Array.of(0xd6, 0xd0) }), '文件内容须为UTF-8编码'],
    ['too much', zipSync({ a: new Uint8Array(9 * 1024 * 1024) }), '文件解压后超过8MB'],
    ['too many rows', zipSync({ a: text('1\n'.repeat(200_001)) }), '文件超过200000行'],
  ])('is refused where it is %s', (_, bytes, why) => {
    expect(() => unzipTable(bytes)).toThrow(new WrongFile(why))
  })

  test('is refused where it says that it is smaller than it is', () => {
    const bytes = Buffer.from(zipSync({ a: text('1\t2\n'.repeat(1000)) }))
    const claimed = bytes.lastIndexOf(Buffer.from([0x50, 0x4b, 0x01, 0x02])) + 24
    bytes.writeUInt32LE(1_000_000, claimed)
    expect(() => unzipTable(bytes)).toThrow(WrongFile)
  })

  test('is read or refused in bounded time whatever its bytes are', () => {
    const good = zipTable('a.txt', [['1', '2']])
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { maxLength: 20 }),
        (changes) => {
          const bytes = Uint8Array.from(good)
          for (const [at, value] of changes) bytes[at] = value
          try {
            unzipTable(bytes)
          } catch (error) {
            expect(error).toBeInstanceOf(WrongFile)
          }
        },
      ),
    )
  })
})

describe('a kept file', () => {
  const file = { number: 'F1', name: 'a.zip', bytes: Uint8Array.of(1, 2, 255), until: 1000 }
  const { kind, body } = fileEntry('H51010000001', file)
  const kept = [{ version: 1, kind, body, institution: 'H51010000001', at: 0 }]

  test('is there until its time is over', () => {
    expect(readFile('F1', kept, 999)).toEqual({ ...file, bytes: Buffer.from(file.bytes) })
    expect(readFile('F1', kept, 1000)).toBeUndefined()
    expect(readFile('F1', [], 0)).toBeUndefined()
  })

  test('is its institution’s own', () => {
    expect(fileSubject('H51010000001', 'F1')).not.toEqual(fileSubject('H51010000002', 'F1'))
  })
})
