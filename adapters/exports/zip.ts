import { once } from 'node:events'
import { crc32, createDeflateRaw, type DeflateRaw } from 'node:zlib'
import { Zip, type ZipInputFile } from 'fflate'

/** Sizes and places stand in 32 bits. */
const mostBytes = 0xffff_ffff

/**
 * An archive that is written while it is filled. What it holds is compressed by Node, in threads of its own and not in that
 * which answers claims; fflate knows the form of the archive.
 */
export class ZipWriter {
  readonly #zip: Zip
  #written: Uint8Array[] = []
  #bytes = 0

  constructor() {
    this.#zip = new Zip((error, chunk) => {
      if (error) throw error
      this.#written.push(chunk)
      this.#bytes += chunk.length
    })
  }

  add(name: string): ZipMember {
    const member = new ZipMember(name)
    this.#zip.add(member)
    return member
  }

  end(): void {
    this.#zip.end()
  }

  /** What was written since it was asked last. */
  take(): Uint8Array[] {
    if (this.#bytes > mostBytes) throw new RangeError('an archive of more than 4 GiB')
    const taken = this.#written
    this.#written = []
    return taken
  }
}

/** One file of an archive. */
class ZipMember implements ZipInputFile {
  readonly filename: string
  readonly compression = 8
  /** The same bytes for the same rows: a time would change them. */
  readonly mtime = new Date(1980, 0, 1)
  size = 0
  crc = 0
  /** The archive puts itself in its place. */
  ondata: NonNullable<ZipInputFile['ondata']> = () => {}
  readonly #deflate: DeflateRaw = createDeflateRaw({ level: 4 })

  constructor(filename: string) {
    this.filename = filename
    this.#deflate.on('data', (chunk: Buffer<ArrayBuffer>) => this.ondata(null, chunk, false))
  }

  /** Waits while more is waiting to be compressed than should be held. */
  async write(text: string): Promise<void> {
    const bytes = Buffer.from(text)
    this.size += bytes.length
    this.crc = crc32(bytes, this.crc)
    if (this.size > mostBytes) throw new RangeError('a sheet of more than 4 GiB')
    if (!this.#deflate.write(bytes)) await once(this.#deflate, 'drain')
  }

  async end(): Promise<void> {
    this.#deflate.end()
    await once(this.#deflate, 'end')
    this.ondata(null, new Uint8Array(0), true)
  }

  abandon(): void {
    this.#deflate.destroy()
  }
}
