/** What is agreed with a client of the national interface (接入方, x-tif-paasid): its secret and its ways. */
export interface Client {
  readonly paasid: string
  readonly secret: string
  /** The institutions it speaks for. */
  readonly institutions: 'all' | readonly string[]
  /** Whether its institutions must sign in first and give their sign_no (签到 9001). */
  readonly signIn: boolean
  /** What a difference between the four totals a client may post and ours does (decision 19). */
  readonly wrongTotals: 'warn' | 'refuse'
  /** The SM2 public key its inputs are signed with (signtype, cainfo), uncompressed hexadecimal; absent: not signed. */
  readonly signatureKey?: string | undefined
  /** The SM4 key its inputs and our outputs are encrypted with (enctype), hexadecimal; absent: not encrypted. */
  readonly encryptionKey?: string | undefined
}
