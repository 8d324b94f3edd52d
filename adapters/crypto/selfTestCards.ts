import { openCardRoots } from './cardRoots.ts'
import { type CardRoots, signed } from './chip.ts'
import { sm4Cmac } from './cmac.ts'
import { diversify } from './diversify.ts'
import { sameBytes } from './sameBytes.ts'

const hex = (text: string): Buffer => Buffer.from(text, 'hex')
const key = hex('0123456789abcdeffedcba9876543210')
const factor = hex('0102030405060708')

/** Keys of cards, computed by OpenSSL's own program. */
const diversified = {
  '3des': 'a85ceb8cdadff80836b1d1c24ce030d7',
  sm4: '5f28a855492341d8bfe0f414481990e1',
} as const

/** SM4-CMAC by OpenSSL's own program (openssl mac): nothing, a part of a block, a block, and more. */
const macs = [
  ['', '29e154322e5c7bd8ee6a25ba549b24bc'],
  ['abc', '8e75238ac2672a6aee408c1e251854d8'],
  ['0123456789abcdef', 'e5932eabfebca9c0b1061197a59550f0'],
  [`${'0123456789abcdef'.repeat(4)}x`, '048e265491d2b1b667f4094deda1f445'],
] as const

/** Whether what cards are checked with gives known answers, each under the name that a message would tell. */
export function testCardAlgorithms(check: (algorithm: string, right: boolean) => void): void {
  for (const algorithm of ['3des', 'sm4'] as const) {
    const made = diversify(algorithm, key, factor)
    check(`Diversification by ${algorithm}`, sameBytes(made, hex(diversified[algorithm])))
  }
  for (const [text, mac] of macs)
    check('SM4-CMAC', sameBytes(sm4Cmac(key, Buffer.from(text)), hex(mac)))
  check('An SM2 certificate', testCertificate())
}

/** The sandbox's root, made by another implementation, holds as it is and does not with a bit of it turned. */
function testCertificate(): boolean {
  const { roots } = openCardRoots({
    file: undefined,
    revokedFile: undefined,
    mode: 'sandbox',
  }) as CardRoots
  const [root] = roots
  if (!root) return false
  const changed = Buffer.from(root.signed)
  changed[20] = (changed[20] as number) ^ 1
  return signed(root, root) && !signed({ ...root, signed: changed }, root)
}
