import type { serviceBodies } from './cardSchema.ts'

/** What each service is called in the document, and what is to be known of it. */
export const serviceSummaries: Readonly<
  Record<
    keyof typeof serviceBodies | 'application',
    { readonly summary: string; readonly description?: string }
  >
> = {
  application: {
    summary: 'S1 Application (申领): a first card',
    description:
      'For people insured or employed in the province, at the place of either; one person has one card in the province. From seven years on a photo is due. ' +
      'A key belongs to the division of its desk (`desk:<division>`). Which documents a service needs, who may come for the holder and in which state of the card it is done: `docs/card-states.md`.',
  },
  making: {
    summary: 'S1 Making (制卡), told by the card maker',
    description:
      'Not of the brochure but ours: it moves the production on and answers with what is written to the chip. The dates of the card begin.',
  },
  delivery: {
    summary: 'S1 Handover (领卡)',
    description:
      'The card that it takes the place of ends here, where the region says so (`cards.oldCardEnds`).',
  },
  activation: {
    summary: 'S2 Activation (启用)',
    description:
      'A card that is not activated is usable in no social-security business. The card that it takes the place of ends at the latest here.',
  },
  details: { summary: 'S4 Change of details (非关键信息变更): telephone, address' },
  reissue: {
    summary: 'S5 Reissue (补卡) after a formal loss',
    description: 'From now on the lost card cannot be un-lost.',
  },
  replacement: {
    summary: 'S5 Replacement (换卡)',
    description:
      'For expiry, damage, a worn face, changed appearance, a changed name or number, data not matching. The old card stays usable until the new one takes its place.',
  },
  pin: {
    summary: 'S6 PIN change (密码修改) with the old PIN',
    description:
      'PINs come only as blocks encrypted under the key of a terminal. A try is taken before anybody looks at the old PIN; a repeat under the same key takes none.',
  },
  'pin-reset': {
    summary: 'S7 PIN reset (密码重置): forgotten or locked',
    description: 'Needs a second person at the desk.',
  },
  'temporary-loss': {
    summary: 'S8 Temporary loss (临时挂失), by telephone or at a desk',
    description:
      'Lapses by itself seven times twenty-four hours later (`cards.temporaryLoss_days`).',
  },
  'formal-loss': { summary: 'S8 Formal loss (正式挂失) at a desk' },
  'loss-cancel': {
    summary: 'S9 Loss withdrawn (解挂), of both kinds',
    description: 'With the card that was found; not any more once a reissue was accepted.',
  },
  relocation: {
    summary: 'S10 Move of the insured place (参保地转移)',
    description:
      'At the new place, where insurance or work has moved. It moves the card and no coverage: settlements follow the coverage.',
  },
  cancellation: {
    summary: 'S11 Cancellation (注销): the social application, then the bank’s part',
  },
}
