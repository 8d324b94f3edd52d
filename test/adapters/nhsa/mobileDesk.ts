import type { Served } from './served.ts'

type Fields = Record<string, unknown>

/** One line of a mobile order, of some yuan. */
export const detail = (id: string, yuan: number, more: Fields = {}): Fields => ({
  feedetlSn: id,
  feeOcurTime: '20260302091000',
  medListCodg: 'XC08CAA101A001010100002',
  detItemFeeSumamt: yuan,
  cnt: 1,
  pric: yuan,
  ...more,
})

/** A patient with a mobile phone (移动支付), who speaks 6201 to 6401 through a hospital's program. */
export function mobileDesk(served: Served, key: string, name: string) {
  const { psn_no, certno, homeRegion } = served.who(key)
  const orgCodg = 'H51010000001'
  const realName = { idNo: certno, userName: name, idType: '01' }
  const around = { homeRegion }

  const uploadInput = (details: readonly Fields[], total: unknown, more: Fields = {}) => ({
    data: {
      orgCodg,
      psnNo: psn_no,
      insutype: '310',
      medOrgOrd: 'ORDER-1',
      begntime: '20260302090000',
      ...realName,
      ecToken: 'EC-TOKEN-1',
      insuCode: homeRegion,
      iptOtpNo: 'O1',
      deptName: '演示科室',
      deptCode: 'D1',
      caty: 'A02',
      medType: '11',
      feeType: '01',
      psnSetlway: '01',
      chrgBchno: 'B1',
      pubHospRfomFlag: '0',
      acctUsedFlag: '1',
      medfeeSumamt: total,
      feedetailList: details,
      ...more,
    },
  })

  const payInput = (order: Fields, more: Fields = {}) => ({
    data: {
      payOrdId: order['payOrdId'],
      payToken: order['payToken'],
      mdtrtId: order['mdtrtId'],
      orgCodg,
      payAuthNo: 'AUTH-1',
      orgBizSer: 'BIZ-1',
      chrgBchno: 'B1',
      feeType: '01',
      ...more,
    },
  })

  let refunds = 0
  const refundInput = (order: Fields, refdType: string, amounts: Fields, more: Fields = {}) => ({
    data: {
      payOrdId: order['payOrdId'],
      appRefdSn: `R${++refunds}`,
      appRefdTime: '20260302100000',
      refdType,
      payAuthNo: 'AUTH-1',
      ...amounts,
      ...more,
    },
  })

  const askInput = (order: Fields, more: Fields = {}) => ({
    data: {
      payOrdId: order['payOrdId'],
      payToken: order['payToken'],
      orgCodg,
      ...realName,
      ...more,
    },
  })

  return {
    uploadInput,
    payInput,
    refundInput,
    askInput,
    send: (infno: string, input: unknown, words = {}) =>
      served.send(infno, input, { ...around, ...words }),
    upload: async (...details: readonly Fields[]): Promise<Fields> => {
      const total = details.reduce((all, one) => all + Number(one['detItemFeeSumamt']), 0)
      return (await served.done('6201', uploadInput(details, total), around)).data
    },
    pay: async (order: Fields, more: Fields = {}): Promise<Fields> =>
      (await served.done('6202', payInput(order, more), around)).data,
    state: async (order: Fields): Promise<Fields> =>
      (await served.done('6301', askInput(order), around)).data,
  }
}
