import type { Anomaly, AnomalyName } from './anomalyNeeds.ts'

interface Said {
  readonly en: string
  readonly zh: string
}

const both = (en: string, zh: string): Said => ({ en, zh })

export const anomalyTitles: { readonly [N in AnomalyName]: Said } = {
  'two-places': both('One person in two places at one time', '同一人员同时在两地就医'),
  'same-bill': both('Bills that may be charged twice', '疑似重复结算'),
  'under-limit': both('Bills just under a limit', '临界限额费用'),
  'lost-card': both('Cards tried after their loss', '挂失或失效后用卡'),
  peers: both('Institutions far from their peers', '偏离同级同类机构'),
  jump: both('Running sums that jump', '累计异常跳变'),
}

type Facts = Anomaly['facts']

const textOf = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '…'
const listOf = (value: unknown): readonly Facts[] =>
  Array.isArray(value) ? (value as readonly Facts[]) : []

/** What is worth a look about it, in a sentence; the facts stand beside it for programs. */
const problems: { readonly [N in AnomalyName]: (facts: Facts, found: Anomaly) => Said } = {
  'two-places'({ region, others }) {
    const told = listOf(others).map((other) => {
      const { settlement, region: there, days, minutes } = other
      const which = `${textOf(settlement)} (${textOf(there)})`
      const where = `${textOf(settlement)}（${textOf(there)}）`
      return days === undefined
        ? both(`${which} ${textOf(minutes)} minutes apart`, `${where}相隔${textOf(minutes)}分钟`)
        : both(
            `${which} within a stay, by ${textOf(days)} days`,
            `${where}与住院期间重叠${textOf(days)}天`,
          )
    })
    const here = textOf(region)
    return both(
      `Treated in ${here}, and at that time elsewhere: ${told.map(({ en }) => en).join('; ')}.`,
      `在${here}就医，同时在异地就医：${told.map(({ zh }) => zh).join('；')}。`,
    )
  },
  'same-bill'({ total, seconds, sameTerminal }, { settlements }) {
    const before = settlements.slice(1).join(', ')
    return both(
      `The very same bill of ${textOf(total)} yuan stands already as ${before}, settled ${textOf(seconds)} seconds before${sameTerminal === true ? ' at the same terminal' : ''}.`,
      `项目与金额完全相同的费用${textOf(total)}元已结算（${before}），相隔${textOf(seconds)}秒${sameTerminal === true ? '，同一终端' : ''}。`,
    )
  },
  'under-limit'({ limit, most, bills, highest, sum }) {
    const { en, zh } = limits[textOf(limit)] ?? both(textOf(limit), textOf(limit))
    return limit === 'year'
      ? both(
          `${textOf(highest)} of ${textOf(most)} yuan of the ${en} (${textOf(sum)}) are used, and no bill passed it.`,
          `${zh}（${textOf(sum)}）${textOf(most)}元已使用${textOf(highest)}元，且未超出。`,
        )
      : both(
          `${textOf(bills)} bills of up to ${textOf(highest)} yuan, just under the ${en} of ${textOf(most)}.`,
          `${textOf(bills)}笔费用最高${textOf(highest)}元，略低于${zh}${textOf(most)}元。`,
        )
  },
  'lost-card'({ tries, codes, institutions, sold, at }) {
    const where = [institutions ?? []].flat().map(textOf).join(', ')
    return sold === undefined
      ? both(
          `Refused ${textOf(tries)} times at ${where}: ${[codes ?? []].flat().map(textOf).join(', ')}.`,
          `在${where}被拒${textOf(tries)}次：${[codes ?? []].flat().map(textOf).join('、')}。`,
        )
      : both(
          `Sold ${textOf(sold)} yuan offline at ${textOf(at)} with a card that was blocked already.`,
          `${textOf(at)}离线销售${textOf(sold)}元，当时卡已挂失或失效。`,
        )
  },
  peers({ measure, care, level, value, median, deviations, peers, settlements }) {
    const times = deviations === null ? '' : `, ${textOf(deviations)} deviations away`
    const timesZh = deviations === null ? '' : `，相差${textOf(deviations)}倍离差`
    const { en, zh, unit } = measures[textOf(measure)] ?? {
      en: textOf(measure),
      zh: textOf(measure),
      unit: both('', ''),
    }
    return both(
      `Its ${en} (${textOf(care)}, ${textOf(level)}, ${textOf(settlements)} settlements) is ${textOf(value)}${unit.en}, and the median of ${textOf(peers)} peers ${textOf(median)}${unit.en}${times}.`,
      `${zh}（${textOf(care)}，${textOf(level)}，${textOf(settlements)}笔）为${textOf(value)}${unit.zh}，${textOf(peers)}家同级机构中位数${textOf(median)}${unit.zh}${timesZh}。`,
    )
  },
  jump({ sums }) {
    const told = listOf(sums).map(({ sum, amount, mean, times }) =>
      mean === undefined
        ? both(`${textOf(sum)} by ${textOf(amount)}`, `${textOf(sum)}增加${textOf(amount)}元`)
        : both(
            `${textOf(sum)} by ${textOf(amount)}, ${textOf(times)} times the mean of ${textOf(mean)} before`,
            `${textOf(sum)}增加${textOf(amount)}元，为此前均值${textOf(mean)}元的${textOf(times)}倍`,
          ),
    )
    return both(
      `One settlement moves ${told.map(({ en }) => en).join('; ')}.`,
      `一次结算使累计${told.map(({ zh }) => zh).join('；')}。`,
    )
  },
}

const limits: Readonly<Record<string, Said>> = {
  offline: both('limit of one payment without a line', '离线单笔限额'),
  tap: both('limit of one payment without a PIN', '免密单笔限额'),
  desk: both('sum above which a second approval is due', '须复核审批的金额'),
  year: both('limit of the year', '年度限额'),
}

const measures: Readonly<Record<string, Said & { readonly unit: Said }>> = {
  'average-bill': { en: 'average bill', zh: '次均费用', unit: both(' yuan', '元') },
  'fund-share': { en: 'share paid by the funds', zh: '基金支付比例', unit: both(' %', '%') },
}

export const problemOf = (name: AnomalyName, found: Anomaly): Said =>
  problems[name](found.facts, found)
