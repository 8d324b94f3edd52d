/** Why quick payments are refused, in Chinese: the engine's own words stand in the English sentence as they are. */
export const quickBecause: Readonly<Record<string, string>> = {
  'above the limit of one payment': '超过单笔限额',
  'above the limit of a day': '超过日累计限额',
  'above the number of payments of a day': '超过日笔数限制',
  'a risk rule asks for it': '触发风险规则',
  'the holder has switched them off': '持卡人已关闭小额免密支付',
  'the clocks of terminal and centre differ': '终端与中心时钟相差过大',
  'the terminal is of another region': '终端密钥不属于本统筹区',
  'payments without a line are not taken': '本地不受理离线支付',
  'an account may not pay for these goods': '个人账户不得支付所购商品',
  'no keys are here': '本系统未配置密钥',
  'the list that it held names the card': '终端所持黑名单已列该卡',
  'the list that it had to hold names the card': '终端应持的黑名单已列该卡',
  'the card was blocked after that list, at the risk of the pharmacy':
    '该卡在黑名单之后停用，风险由药店承担',
  'the cryptogram is not of this card over this payment': '卡交易密文校验未通过',
  'the MAC is not of this terminal over this record': '终端报文鉴别码校验未通过',
}
