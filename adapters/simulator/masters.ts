import smCrypto from 'sm-crypto'

/**
 * The public master of every sandbox, written down a second time: nothing here imports adapters/crypto, so that a mistake
 * there cannot agree with itself. A test compares what both compute.
 */
const sandboxMaster = 'jiesuan sandbox master key, not secret'

/** The masters that a card or a terminal of the nation is made from, in hexadecimal. */
export type MasterName =
  | 'card-internal-sm4'
  | 'card-internal-3des'
  | 'card-external-sm4'
  | 'card-external-3des'
  | 'tap'
  | 'terminal-mac'
  | 'terminal-pin'

export type Masters = (name: MasterName) => string

export const sandboxMasters: Masters = (name) =>
  smCrypto.sm3(`${sandboxMaster}: ${name}`).slice(0, 32)

/** A private key of the sandbox's own certificate authority, or of a card; below n - 1 with near certainty. */
export const sandboxPrivateKey = (whose: string): string =>
  smCrypto.sm3(`${sandboxMaster}: ${whose}`)
