import { toYuan } from '../../engine/money.ts'
import { type Cell, type Column, headingOf, type Row, type Table } from './table.ts'
import { ZipWriter } from './zip.ts'

/** So many rows a sheet has in Excel, the headings being one of them. */
const rowsASheet = 1_048_576 - 1

const head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
const main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
const relations = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'

/** Styles by their number: amounts, days and headings; 4 is #,##0.00. */
const style = { amount: 1, day: 2, heading: 3 }
const styles = `${head}<styleSheet ${main}><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/></numFmts><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="4"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="4" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/></cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }

/** Of what cannot be seen XML holds tabs and ends of lines; anything else is left out. */
const escape = (text: string): string =>
  /[&<>\p{Cc}\p{Cs}\ufffe\uffff]/u.test(text)
    ? text
        .replace(/(?![\t\n\r])[\p{Cc}\p{Cs}\ufffe\uffff]/gu, '')
        .replace(/[&<>]/g, (one) => escapes[one] as string)
    : text

const text = (value: string, of = 0): string =>
  `<c t="inlineStr"${of === 0 ? '' : ` s="${of}"`}><is><t xml:space="preserve">${escape(value)}</t></is></c>`

const firstDay_ms = Date.UTC(1899, 11, 30)

/** Excel counts days from the last but one of 1899. */
const serialOf = (day: string): number =>
  (Date.parse(`${day}T00:00:00Z`) - firstDay_ms) / 86_400_000

/** Amounts are written as the digits they have, and never pass through a floating number. Text is text, whatever it begins with. */
function write(cell: Cell, { kind }: Column): string {
  if (cell === undefined) return '<c/>'
  if (kind === 'amount') return `<c s="${style.amount}"><v>${toYuan(cell as bigint)}</v></c>`
  if (kind === 'count') return `<c><v>${cell}</v></c>`
  if (kind === 'day') return `<c s="${style.day}"><v>${serialOf(String(cell))}</v></c>`
  return text(String(cell))
}

const widths = { text: 24, instant: 30, day: 12, amount: 16, count: 10 }

const beginning = (columns: readonly Column[]): string =>
  `${head}<worksheet ${main}><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols>${columns
    .map(
      ({ kind }, i) =>
        `<col min="${i + 1}" max="${i + 1}" width="${widths[kind]}" customWidth="1"/>`,
    )
    .join(
      '',
    )}</cols><sheetData><row>${columns.map((one) => text(headingOf(one), style.heading)).join('')}</row>`

/** XLSX (Office Open XML), sheet after sheet where one is full. */
export async function* xlsx(
  { name, columns, rows }: Table,
  most = rowsASheet,
): AsyncGenerator<Uint8Array, void, void> {
  const zip = new ZipWriter()
  const line = (row: Row): string =>
    `<row>${columns.map((column, i) => write(row[i], column)).join('')}</row>`
  let sheets = 1
  let sheet = zip.add('xl/worksheets/sheet1.xml')
  let room = most
  try {
    await sheet.write(beginning(columns))
    for await (const some of rows) {
      for (let at = 0; at < some.length; ) {
        if (room === 0) {
          await sheet.write('</sheetData></worksheet>')
          await sheet.end()
          sheet = zip.add(`xl/worksheets/sheet${++sheets}.xml`)
          room = most
          await sheet.write(beginning(columns))
        }
        const part = some.slice(at, at + room)
        await sheet.write(part.map(line).join(''))
        at += part.length
        room -= part.length
      }
      yield* zip.take()
    }
    await sheet.write('</sheetData></worksheet>')
    await sheet.end()
    for (const [file, content] of Object.entries(around(name, sheets))) {
      sheet = zip.add(file)
      await sheet.write(content)
      await sheet.end()
    }
    zip.end()
    yield* zip.take()
  } finally {
    sheet.abandon()
  }
}

/** What stands around the sheets, whose number is known at the end. */
function around(name: string, sheets: number): Record<string, string> {
  const each = (write: (n: number) => string): string =>
    Array.from({ length: sheets }, (_, i) => write(i + 1)).join('')
  const type = (part: string, kind: string): string =>
    `<Override PartName="/xl/${part}.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.${kind}+xml"/>`
  const relation = (id: string, kind: string, target: string): string =>
    `<Relationship Id="${id}" Type="${relations}/${kind}" Target="${target}"/>`
  const package_ = 'xmlns="http://schemas.openxmlformats.org/package/2006'
  return {
    'xl/styles.xml': styles,
    'xl/workbook.xml': `${head}<workbook ${main} xmlns:r="${relations}"><sheets>${each((n) => `<sheet name="${name} ${n}" sheetId="${n}" r:id="rId${n}"/>`)}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `${head}<Relationships ${package_}/relationships">${each((n) => relation(`rId${n}`, 'worksheet', `worksheets/sheet${n}.xml`))}${relation('styles', 'styles', 'styles.xml')}</Relationships>`,
    '_rels/.rels': `${head}<Relationships ${package_}/relationships">${relation('workbook', 'officeDocument', 'xl/workbook.xml')}</Relationships>`,
    '[Content_Types].xml': `${head}<Types ${package_}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>${type('workbook', 'sheet.main')}${type('styles', 'styles')}${each((n) => type(`worksheets/sheet${n}`, 'worksheet'))}</Types>`,
  }
}
