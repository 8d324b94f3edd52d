import { unzipSync, type UnzipFileInfo, zipSync } from 'fflate'
import type { Instant } from '../../engine/day.ts'
import type { Entry, Kept, Subject } from '../../engine/dossier.ts'
import type { World } from './needs.ts'

/** A file kept for an institution (文件), known by its number (文件查询号, file_qury_no). */
export interface KeptFile {
  readonly number: string
  /** 文件名, filename */
  readonly name: string
  readonly bytes: Uint8Array
  /** From this moment on it is not there any more (下载截止时间, dld_endtime). */
  readonly until: Instant
}

const day_ms = 24 * 60 * 60 * 1000
const kept_ms = 7 * day_ms

/** When a file that is kept now will be gone. */
export const goneAt = (now: Instant): Instant => now + kept_ms

/** What is known of an institution itself, and not of a person. */
export const institutionOwner = (code: string): string => `institution:${code}`

/** The dossier of a file: another institution's is another subject, so that it is simply not there. */
export const fileSubject = (institution: string, number: string): Subject => ({
  owner: institutionOwner(institution),
  name: `file ${number}`,
})

/** The entry that keeps a file. */
export const fileEntry = (institution: string, file: KeptFile): Entry => ({
  subject: fileSubject(institution, file.number),
  kind: 'file',
  body: {
    name: file.name,
    until: file.until,
    bytes: Buffer.from(file.bytes).toString('base64'),
  },
})

/** The file that a dossier holds, or nothing where there is none or its time is over. */
export function readFile(
  number: string,
  kept: readonly Kept[],
  now: Instant,
): KeptFile | undefined {
  const found = kept.findLast(({ kind }) => kind === 'file')
  if (!found) return undefined
  const { name, until, bytes } = found.body as { name: string; until: Instant; bytes: string }
  if (until <= now) return undefined
  return { number, name, until, bytes: Buffer.from(bytes, 'base64') }
}

/** The file of an institution by its number. */
export async function findFile(
  world: Pick<World, 'dossiers' | 'now'>,
  institution: string,
  number: string,
): Promise<KeptFile | undefined> {
  const kept = await world.dossiers.read(fileSubject(institution, number))
  return readFile(number, kept, world.now())
}

/** One row of a table in a file; a value that is empty is absent. */
export type FileRow = readonly (string | undefined)[]

/** A file that cannot be understood says why, in Chinese. */
export class WrongFile extends Error {
  override name = 'WrongFile'
}

/** The interface writes what is empty as this word. */
const empty = 'null'
const mostBytes = 8 * 1024 * 1024
const mostRows = 200_000
/** Members of an archive that are looked at before it is given up: folders count, and each may claim a whole file. */
const mostMembers = 16

/** A ZIP with one TXT (对账文件): a line a row, TAB between values, UTF-8. The same rows make the same bytes. */
export function zipTable(name: string, rows: readonly FileRow[]): Uint8Array {
  const text = rows.map((row) => `${row.map(writeCell).join('\t')}\n`).join('')
  return zipSync({ [name]: Buffer.from(text, 'utf8') }, { mtime: '1980-01-01T00:00:00' })
}

const writeCell = (value: string | undefined): string =>
  value === undefined || value === '' ? empty : value.replaceAll(/[\t\r\n]/g, ' ')

/** Reads the rows of a ZIP with one TXT. Whatever it claims to hold, no more than 8 MiB are unpacked. */
export function unzipTable(bytes: Uint8Array): FileRow[] {
  const lines = decode(unzipOne(bytes)).split(/\r?\n/)
  while (lines.at(-1) === '') lines.pop()
  if (lines.length > mostRows) throw new WrongFile(`文件超过${mostRows}行`)
  return lines.map((line) => line.split('\t').map(readCell))
}

const readCell = (text: string): string | undefined => {
  const value = text.trim()
  return value === '' || value === empty ? undefined : value
}

/** A member is unpacked into as many bytes as it says it has, so what it says is judged before. */
function unzipOne(bytes: Uint8Array): Uint8Array {
  let members = 0
  let chosen: UnzipFileInfo | undefined
  const choose = (member: UnzipFileInfo): boolean => {
    members += 1
    if (members > mostMembers) throw new WrongFile('压缩包须只含一个TXT文件')
    if (member.name.endsWith('/')) return false
    if (chosen) throw new WrongFile('压缩包须只含一个TXT文件')
    if (member.originalSize > mostBytes) throw new WrongFile('文件解压后超过8MB')
    chosen = member
    return true
  }
  const unpacked = unzip(bytes, choose)[chosen?.name ?? '']
  if (!chosen || !unpacked) throw new WrongFile('压缩包须只含一个TXT文件')
  if (unpacked.length !== chosen.originalSize) throw new WrongFile('压缩包已损坏')
  return unpacked
}

function unzip(
  bytes: Uint8Array,
  filter: (member: UnzipFileInfo) => boolean,
): Record<string, Uint8Array> {
  try {
    return unzipSync(bytes, { filter })
  } catch (error) {
    throw error instanceof WrongFile ? error : new WrongFile('文件须为ZIP压缩包')
  }
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new WrongFile('文件内容须为UTF-8编码')
  }
}
