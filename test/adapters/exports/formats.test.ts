import { unzipSync } from 'fflate'
import { parquetReadObjects } from 'hyparquet'
import { describe, expect, it } from 'vitest'
import { csv } from '../../../adapters/exports/csv.ts'
import { jsonLines } from '../../../adapters/exports/jsonLines.ts'
import { parquet } from '../../../adapters/exports/parquet.ts'
import type { Column, Format, Row } from '../../../adapters/exports/table.ts'
import { xlsx } from '../../../adapters/exports/xlsx.ts'

const columns: readonly Column[] = [
  { name: 'id', zh: '编号', en: 'Id', kind: 'text' },
  { name: 'day', zh: '就诊日', en: 'Day', kind: 'day' },
  { name: 'amount', zh: '金额', en: 'Amount', kind: 'amount' },
  { name: 'number', zh: '笔数', en: 'Number', kind: 'count' },
  { name: 'at', zh: '时间', en: 'At', kind: 'instant' },
]
const row = (id: string, amount: bigint, ...[number]: [number?: bigint | null]): Row => [
  id,
  '2026-03-02',
  amount,
  number === null ? undefined : (number ?? 3n),
  '2026-03-02T09:00:00.000+08:00',
]

async function* some(...parts: (readonly Row[])[]): AsyncGenerator<readonly Row[]> {
  yield* parts
}

async function written(format: Format, ...parts: (readonly Row[])[]): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of format({ name: 'things', columns, rows: some(...parts) }))
    chunks.push(chunk)
  return Buffer.concat(chunks)
}

const text = async (format: Format, ...parts: (readonly Row[])[]): Promise<string> =>
  (await written(format, ...parts)).toString('utf8')

describe('CSV', () => {
  it('begins with a byte order mark, has headings in both languages, and ends each line as RFC 4180 has it', async () => {
    expect(await text(csv, [row('A', 137_815n)], [row('B', -5n, null)])).toBe(
      '\ufeff编号 Id (id),就诊日 Day (day),金额 Amount (amount),笔数 Number (number),时间 At (at)\r\n' +
        'A,2026-03-02,1378.15,3,2026-03-02T09:00:00.000+08:00\r\n' +
        'B,2026-03-02,-0.05,,2026-03-02T09:00:00.000+08:00\r\n',
    )
  })

  it.each([
    ['=1+1', "'=1+1"],
    ['+SUM(A1)', "'+SUM(A1)"],
    ['-2', "'-2"],
    ['@cmd', "'@cmd"],
    ['\tx', "'\tx"],
    ['\rx', `"'\rx"`],
    ['=HYPERLINK("http://x","y")', `"'=HYPERLINK(""http://x"",""y"")"`],
    ['a,b', '"a,b"'],
    ['a"b', '"a""b"'],
    ['a\nb', '"a\nb"'],
    ['成都=1', '成都=1'],
  ])('carries %j as what nobody carries out', async (given, cell) => {
    const [, line] = (await text(csv, [row(given, 1n)])).split(/(?<=\(at\))\r\n/)
    expect(line?.startsWith(`${cell},2026-03-02,`)).toBe(true)
  })
})

it('JSON Lines tells amounts as REST does, and leaves out what is not there', async () => {
  const lines = (
    await text(jsonLines, [row('A"\n\u2028', 137_815n)], [row('B', 0n, null)])
  ).trimEnd()
  expect(lines.split('\n').map((line) => JSON.parse(line))).toEqual([
    {
      id: 'A"\n\u2028',
      day: '2026-03-02',
      amount: '1378.15',
      number: 3,
      at: '2026-03-02T09:00:00.000+08:00',
    },
    { id: 'B', day: '2026-03-02', amount: '0.00', at: '2026-03-02T09:00:00.000+08:00' },
  ])
})

describe('XLSX', () => {
  const sheets = (bytes: Buffer): Record<string, string> =>
    Object.fromEntries(
      Object.entries(unzipSync(bytes)).map(([name, content]) => [
        name,
        Buffer.from(content).toString(),
      ]),
    )

  it('has amounts as the digits they have, days as Excel counts them, and text as text', async () => {
    const bytes = await written(xlsx, [row('=1+1 <&>\u0001\ud800', 9_007_199_254_740_993_15n)])
    const files = sheets(bytes)
    const sheet = files['xl/worksheets/sheet1.xml'] ?? ''
    expect(sheet).toContain('<v>9007199254740993.15</v>')
    expect(sheet).toContain('<is><t xml:space="preserve">=1+1 &lt;&amp;&gt;</t></is>')
    expect(sheet).not.toContain('<f>')
    // 2 March 2026, as LibreOffice and Excel have it.
    expect(sheet).toContain('<c s="2"><v>46083</v></c>')
    expect(sheet).toContain('编号 Id (id)')
    expect(files['xl/workbook.xml']).toContain('<sheet name="things 1" sheetId="1" r:id="rId1"/>')
    expect(Object.keys(files).toSorted()).toEqual([
      '[Content_Types].xml',
      '_rels/.rels',
      'xl/_rels/workbook.xml.rels',
      'xl/styles.xml',
      'xl/workbook.xml',
      'xl/worksheets/sheet1.xml',
    ])
  })

  it('goes on in another sheet where one is full', async () => {
    const rows = Array.from({ length: 7 }, (_, i) => row(`R${i}`, BigInt(i)))
    const files = sheets(await written((table) => xlsx(table, 3), rows.slice(0, 2), rows.slice(2)))
    const found = [1, 2, 3].map((n) =>
      [...(files[`xl/worksheets/sheet${n}.xml`] ?? '').matchAll(/>(R\d)</g)].map(([, id]) => id),
    )
    expect(found).toEqual([['R0', 'R1', 'R2'], ['R3', 'R4', 'R5'], ['R6']])
    expect(files['[Content_Types].xml']).toContain('/xl/worksheets/sheet3.xml')
    expect(Object.keys(files)).not.toContain('xl/worksheets/sheet4.xml')
  })

  it('is whole without a row', async () => {
    const files = sheets(await written(xlsx))
    expect(files['xl/worksheets/sheet1.xml']).toMatch(/<row>.*<\/row><\/sheetData><\/worksheet>$/)
  })
})

it('Parquet keeps fen exactly, days and moments as what they are', async () => {
  const parts = Array.from({ length: 30 }, (_, part) =>
    Array.from({ length: 500 }, (__, i) =>
      row(`R${part}-${i}`, BigInt(part * 500 + i) * 10_000_000_019n, i % 2 ? 3n : null),
    ),
  )
  const bytes = await written(parquet, ...parts)
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length)
  const rows = await parquetReadObjects({ file: file as ArrayBuffer })
  expect(rows).toHaveLength(15_000)
  expect(rows[7_301]).toMatchObject({
    id: 'R14-301',
    number: 3n,
    day: new Date('2026-03-02T00:00:00Z'),
  })
  expect(rows[7_300]?.['number']).toBeNull()
  expect(rows[7_301]?.['at']).toEqual(new Date('2026-03-02T09:00:00+08:00'))
  expect(rows[7_301]?.['amount']).toBeCloseTo(7_301 * 100_000_000.19, 1)
  const fen = Buffer.alloc(8)
  fen.writeBigInt64LE(81_985_529_216_486_895n)
  expect((await written(parquet, [row('A', 81_985_529_216_486_895n)])).includes(fen)).toBe(true)
})

it.each([
  ['csv', csv],
  ['jsonl', jsonLines],
  ['xlsx', (table) => xlsx(table)],
  ['parquet', parquet],
] as const satisfies readonly (readonly [string, Format])[])(
  '%s takes no more rows than whoever reads it has taken bytes',
  async (_, format) => {
    let asked = 0
    async function* endless(): AsyncGenerator<readonly Row[]> {
      for (;;) {
        asked++
        yield Array.from({ length: 500 }, (__, i) => row(`R${asked * 500 + i}`, BigInt(i)))
      }
    }
    const written = format({ name: 'things', columns, rows: endless() })
    for (let chunks = 0; chunks < 3; chunks++) await written.next()
    const before = asked
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(asked).toBe(before)
    expect(asked).toBeLessThan(70)
    await written.return()
  },
)
