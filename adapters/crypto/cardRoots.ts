import { readFileSync } from 'node:fs'
import { type Certificate, readCertificate } from './certificate.ts'
import { type CardRoots, signed } from './chip.ts'
import { sandboxRoot } from './sandboxRoot.ts'

export interface CardRootsOptions {
  /** CARD_ROOTS_FILE: the roots in PEM. */
  readonly file: string | undefined
  /** CARD_REVOKED_FILE: the certificates that were revoked. */
  readonly revokedFile: string | undefined
  readonly mode: 'sandbox' | 'production'
}

/** The authorities that vouch for cards; undefined where none is configured, and then no certificate proves a card here. */
export function openCardRoots({
  file,
  revokedFile,
  mode,
}: CardRootsOptions): CardRoots | undefined {
  const text = file === undefined ? undefined : readText(file, 'CARD_ROOTS_FILE')
  const revoked = revokedFile === undefined ? '' : readText(revokedFile, 'CARD_REVOKED_FILE')
  const pem = text ?? (mode === 'sandbox' ? sandboxRoot : undefined)
  if (pem === undefined) return undefined
  const roots = readRoots(pem)
  const [ofSandbox] = readRoots(sandboxRoot)
  if (mode !== 'sandbox' && roots.some(({ publicKey }) => publicKey === ofSandbox?.publicKey))
    throw new Error('CARD_ROOTS_FILE holds the root of the sandbox, whose key everybody knows.')
  return { roots, revoked: readRevoked(revoked) }
}

const block = /-----BEGIN CERTIFICATE-----\s+([A-Za-z0-9+/=\s]+?)\s*-----END CERTIFICATE-----/g

function readRoots(pem: string): Certificate[] {
  const roots = [...pem.matchAll(block)].map(([, body], at) => {
    const root = readCertificate(Buffer.from(body as string, 'base64'))
    if (!root?.authority || !signed(root, root))
      throw new Error(
        `CARD_ROOTS_FILE, certificate ${at + 1}, is no root: an authority's SM2 certificate that it signed itself.`,
      )
    return root
  })
  if (roots.length === 0 || pem.replaceAll(block, '').trim() !== '')
    throw new Error('CARD_ROOTS_FILE must hold certificates in PEM and nothing else.')
  return roots
}

const revokedLine = /^[0-9A-F]{1,40} \S.*$/

function readRevoked(text: string): ReadonlySet<string> {
  const lines = text.split('\n').map((line) => line.trim())
  const meant = lines.filter((line) => line !== '' && !line.startsWith('#'))
  const wrong = meant.find((line) => !revokedLine.test(line))
  if (wrong !== undefined)
    throw new Error(
      `CARD_REVOKED_FILE, line ${lines.indexOf(wrong) + 1}, must be a serial number in hexadecimal (upper case), a space and the issuer's common name.`,
    )
  return new Set(meant)
}

function readText(file: string, variable: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    throw new Error(`${variable} is ${file}, which cannot be read.`)
  }
}
