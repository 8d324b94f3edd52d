import { SettlementId, text } from './words.ts'

export const AccountId = text(
  '^[0-9A-Za-z._:/+*-]{1,120}$',
  'A ledger account (账户科目); `personal:*` and `memo:person:*` are the sums of all people',
  'fund:510100:employee:pool',
  '1 to 120 letters, digits or . _ : / + * -',
)

export const PostedId = {
  ...SettlementId,
  description: 'The settlement (结算ID), or the movement or opening where it is of none',
}
