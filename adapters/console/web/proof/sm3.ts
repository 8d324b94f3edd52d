/** SM3 (GB/T 32905) over bytes, one part after the other: large exports are hashed as they are read. */
export function sm3(...parts: readonly Uint8Array[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0)
  const padded = new Uint8Array(Math.ceil((length + 9) / blockBytes) * blockBytes)
  let at = 0
  for (const part of parts) {
    padded.set(part, at)
    at += part.length
  }
  padded[at] = 0x80
  const view = new DataView(padded.buffer)
  view.setUint32(padded.length - 8, Math.floor((length * 8) / 2 ** 32))
  view.setUint32(padded.length - 4, (length * 8) % 2 ** 32)
  const state = Int32Array.from(initial)
  for (let block = 0; block < padded.length; block += blockBytes) compress(state, view, block)
  const hash = new DataView(new ArrayBuffer(32))
  state.forEach((word, i) => hash.setInt32(i * 4, word))
  return new Uint8Array(hash.buffer)
}

const blockBytes = 64
const initial = [
  0x7380166f, 0x4914b2b9, 0x172442d7, 0xda8a0600, 0xa96f30bc, 0x163138aa, 0xe38dee4d, 0xb0fb0e4e,
]

const turn = (word: number, by: number): number => (word << by) | (word >>> (32 - by))
const p0 = (word: number): number => word ^ turn(word, 9) ^ turn(word, 17)
const p1 = (word: number): number => word ^ turn(word, 15) ^ turn(word, 23)

/** The constant of each round, turned as far as that round turns it. */
const rounds = Int32Array.from({ length: 64 }, (_, j) =>
  turn(j < 16 ? 0x79cc4519 : 0x7a879d8a, j % 32),
)

const words = new Int32Array(68)
const at = (i: number): number => words[i] as number

function expand(view: DataView, block: number): void {
  for (let j = 0; j < 16; j++) words[j] = view.getInt32(block + j * 4)
  for (let j = 16; j < 68; j++)
    words[j] = p1(at(j - 16) ^ at(j - 9) ^ turn(at(j - 3), 15)) ^ turn(at(j - 13), 7) ^ at(j - 6)
}

function compress(state: Int32Array, view: DataView, block: number): void {
  expand(view, block)
  let [a, b, c, d, e, f, g, h] = state as unknown as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  for (let j = 0; j < 64; j++) {
    const a12 = turn(a, 12)
    const ss1 = turn((a12 + e + (rounds[j] as number)) | 0, 7)
    const isEarly = j < 16
    const ff = isEarly ? a ^ b ^ c : (a & b) | (a & c) | (b & c)
    const gg = isEarly ? e ^ f ^ g : (e & f) | (~e & g)
    const tt1 = (ff + d + (ss1 ^ a12) + (at(j) ^ at(j + 4))) | 0
    const tt2 = (gg + h + ss1 + at(j)) | 0
    d = c
    c = turn(b, 9)
    b = a
    a = tt1
    h = g
    g = turn(f, 19)
    f = e
    e = p0(tt2)
  }
  const made = [a, b, c, d, e, f, g, h]
  for (let i = 0; i < 8; i++) state[i] = (state[i] as number) ^ (made[i] as number)
}
