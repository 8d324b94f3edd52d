export const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)

export const hexOf = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')

export const fromHex = (hex: string): Uint8Array =>
  Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))

/** Bytes of base64; undefined where the text is none. */
export function fromBase64(text: string): Uint8Array | undefined {
  try {
    return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))
  } catch {
    return undefined
  }
}

/** The beginning of a hash, which is enough to tell two apart by eye. */
export const shortHash = (bytes: Uint8Array): string => `${hexOf(bytes).slice(0, 16)}…`

/** Gives a browser that is some years old what the verifier asks of bytes. */
function help(): void {
  const made: object = Uint8Array
  const bytes: object = Uint8Array.prototype
  if (!('fromBase64' in made))
    Object.assign(made, {
      fromBase64(text: string) {
        const read = fromBase64(text)
        if (!read) throw new SyntaxError('no base64')
        return read
      },
      fromHex,
    })
  if (!('toBase64' in bytes))
    Object.assign(bytes, {
      toBase64(this: Uint8Array) {
        return btoa(Array.from(this, (byte) => String.fromCharCode(byte)).join(''))
      },
      toHex(this: Uint8Array) {
        return hexOf(this)
      },
    })
}

help()
