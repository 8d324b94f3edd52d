import type { Instant } from './day.ts'
import { type Dossiers, type Entry, type Kept, keptOf, type Subject } from './dossier.ts'
import { type Refusal, refuse } from './refusal.ts'

/**
 * The two kinds of e-credential (decision 4): 电子社保卡 exists for an activated card and ends with it, 医保电子凭证 (wire type
 * 01) has a life of its own.
 */
export const eCredentialKinds = ['social-security', 'medical-insurance'] as const
export type ECredentialKind = (typeof eCredentialKinds)[number]

/** The number of a person's 电子社保卡: the same, whichever card it derives from. It proves nothing. */
export const eCardNumber = (owner: string): string => `E${owner}`

/** What a token is good for (令牌用途): to settle, to show who one is (线上用卡身份认证, N3), to read what is one's own (F3). */
export const tokenPurposes = ['settlement', 'identity', 'self-service'] as const
export type TokenPurpose = (typeof tokenPurposes)[number]

/** What a signed token says (电子凭证令牌, ecToken), once its signature was found right. */
export interface Token {
  /** Thirty-two hexadecimal digits that name it. */
  readonly id: string
  readonly owner: string
  readonly kind: ECredentialKind
  readonly purpose: TokenPurpose
  /** The only institution it is good at; absent where it is good at any. */
  readonly institution?: string | undefined
  readonly from: Instant
  readonly until: Instant
}

/** Whose use of a token uses it up: its second entry is the proof that there was no other. */
export const tokenSubject = ({ owner, id }: Pick<Token, 'owner' | 'id'>): Subject => ({
  owner,
  name: `token ${id}`,
})

export const issueToken = (token: Token): Entry => {
  const { kind, purpose, institution, from, until } = token
  const body = { kind, purpose, from, until, ...(institution !== undefined && { institution }) }
  return { subject: tokenSubject(token), kind: 'issued', body }
}

export const useToken = (token: Token, institution: string): Entry => ({
  subject: tokenSubject(token),
  kind: 'used',
  body: { institution },
})

/** The life of a person's 医保电子凭证: opened and closed by themselves, whatever becomes of their cards. */
export const eCredentialSubject = (person: string): Subject => ({
  owner: person,
  name: 'e-credential',
  newest: 2,
})

export const turnECredential = (person: string, kind: 'opened' | 'closed'): Entry => ({
  subject: eCredentialSubject(person),
  kind,
  body: {},
})

/** Since when a person's 医保电子凭证 is open; undefined while it is not. */
export function openSince(dossiers: Dossiers, person: string): Instant | undefined {
  const last: Kept | undefined = keptOf(dossiers, eCredentialSubject(person)).at(-1)
  return last?.kind === 'opened' ? last.at : undefined
}

/** What was shown at a moment is worth nothing once the credential was closed, even where it is open again. */
export function refuseClosed(
  dossiers: Dossiers,
  person: string,
  { kind, at }: { readonly kind: ECredentialKind; readonly at: Instant },
): Refusal | undefined {
  if (kind === 'social-security') return undefined
  const since = openSince(dossiers, person)
  return since === undefined || since > at
    ? refuse('token-not-for-this', { because: 'credential-closed' })
    : undefined
}

/** Where, when and for what a token is shown. */
export interface TokenShown {
  readonly purpose: TokenPurpose
  readonly institution: string
  readonly now: Instant
  /** How far the clock of whoever issued it may be off. */
  readonly skew_ms: number
}

/** What is wrong with a token whatever is kept: its purpose, its place, its time. */
export function refuseShown(
  { purpose, institution, from, until }: Token,
  shown: TokenShown,
): Refusal | undefined {
  const notForThis = (because: string) => refuse('token-not-for-this', { because })
  if (purpose !== shown.purpose) return notForThis('purpose')
  if (institution !== undefined && institution !== shown.institution)
    return notForThis('institution')
  if (shown.now < from - shown.skew_ms) return notForThis('not-yet-valid')
  if (shown.now >= until + shown.skew_ms) return refuse('token-expired', { until })
  return undefined
}

/** May this token be used, here and now, for this? Its dossier and that of the credential must have been read. */
export function refuseToken(
  token: Token,
  shown: TokenShown,
  dossiers: Dossiers,
): Refusal | undefined {
  const { owner, kind, from } = token
  const wrong = refuseShown(token, shown) ?? refuseClosed(dossiers, owner, { kind, at: from })
  if (wrong) return wrong
  const used = keptOf(dossiers, tokenSubject(token)).some((entry) => entry.kind === 'used')
  return used ? refuse('token-used') : undefined
}
