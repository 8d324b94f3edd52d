/** What can be shown for a card service (办理材料). An old PIN counts once it has been checked. */
export const documentKinds = [
  'own-card',
  'id-document',
  'old-pin',
  'second-operator',
  'photo',
  'employment-document',
  'cancellation-form',
  'death-certificate',
  'emigration-papers',
  'missing-ruling',
  'proxy-id-document',
  'authorization',
  'away-proof',
  'difficulty-proof',
  'disability-certificate',
  'kinship-proof',
  'guardian-id-document',
  'guardianship-proof',
  'incapacity-proof',
] as const
export type DocumentKind = (typeof documentKinds)[number]

/** How somebody comes (办理渠道): to a desk, to a machine of their own, or by telephone, where nothing can be shown. */
export const channels = ['desk', 'self', 'hotline'] as const
export type Channel = (typeof channels)[number]

/** What can be shown in each way. */
export const shownBy: Readonly<Record<Channel, readonly DocumentKind[]>> = {
  desk: documentKinds,
  self: ['own-card', 'old-pin'],
  hotline: [],
}

/** A document that was shown (材料), with its number, and for employment the place of work. */
export interface ShownDocument {
  readonly kind: DocumentKind
  readonly number?: string | undefined
  readonly place?: string | undefined
}

/** Whoever comes for the holder (代办人, 监护人), and on what ground (Q2). */
export const actingGrounds = ['away', 'elderly', 'disabled', 'guardian', 'family'] as const
export type ActingGround = (typeof actingGrounds)[number]

/** Somebody who acts for the holder. */
export interface Acting {
  readonly ground: ActingGround
  readonly name?: string | undefined
  readonly number?: string | undefined
}

const proxyShows = ['proxy-id-document', 'authorization'] as const
const guardianShows = ['guardian-id-document', 'guardianship-proof'] as const

/** What each of them shows. A guardian of a grown-up shows as well that the holder lacks full civil capacity. */
export const actingShows: Readonly<Record<ActingGround, readonly DocumentKind[]>> = {
  away: [...proxyShows, 'away-proof'],
  elderly: [...proxyShows, 'difficulty-proof'],
  disabled: [...proxyShows, 'disability-certificate'],
  guardian: guardianShows,
  family: ['proxy-id-document', 'kinship-proof'],
}
