// Small, so that places far apart, which only whoever means harm writes, take no more than they have to.
const chunk = 1_024

/** Some bytes for each of many places, of which some may be missing: no more memory than the bytes, however many there are (定长表). */
export class Placed {
  readonly #width: number
  /** The lowest and the highest place, while there is one. */
  least = Number.POSITIVE_INFINITY
  most = 0
  readonly #chunks = new Map<number, { readonly bytes: Uint8Array; readonly known: Uint8Array }>()

  constructor(width: number) {
    this.#width = width
  }

  /** Keeps what fits the width. */
  set(place: number, bytes: Uint8Array): void {
    this.least = Math.min(this.least, place)
    this.most = Math.max(this.most, place)
    const number = Math.floor(place / chunk)
    let held = this.#chunks.get(number)
    if (!held) {
      held = { bytes: new Uint8Array(chunk * this.#width), known: new Uint8Array(chunk) }
      this.#chunks.set(number, held)
    }
    const at = place % chunk
    held.bytes.set(bytes.subarray(0, this.#width), at * this.#width)
    held.known[at] = 1
  }

  get(place: number): Uint8Array | undefined {
    const held = this.#chunks.get(Math.floor(place / chunk))
    const at = place % chunk
    if (!held || held.known[at] !== 1) return undefined
    return held.bytes.subarray(at * this.#width, (at + 1) * this.#width)
  }
}
