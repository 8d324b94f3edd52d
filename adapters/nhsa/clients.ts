/** What is agreed with a client of the national interface (接入方, x-tif-paasid): its secret and its ways. */
export interface Client {
  readonly paasid: string
  readonly secret: string
  /** The institutions it speaks for; `all` are all for whom no other client speaks. */
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

/** All clients there are, and the key that our answers to those who sign are signed with. */
export interface Clients {
  readonly byId: ReadonlyMap<string, Client>
  speaksFor(client: Client, institution: string): boolean
  /** The SM2 private key of this end, hexadecimal; needed where a client signs. */
  readonly signingKey?: string | undefined
}

/** Puts a list of clients together. */
export function listClients(all: readonly Client[], signingKey?: string): Clients {
  const named = new Set(
    all.flatMap(({ institutions }) => (institutions === 'all' ? [] : institutions)),
  )
  return {
    byId: new Map(all.map((client) => [client.paasid, client])),
    speaksFor: ({ institutions }, institution) =>
      institutions === 'all' ? !named.has(institution) : institutions.includes(institution),
    signingKey,
  }
}
