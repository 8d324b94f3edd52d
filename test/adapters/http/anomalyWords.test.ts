import { expect, test } from 'vitest'
import type { Anomaly, AnomalyName } from '../../../adapters/http/anomalyNeeds.ts'
import { problemOf } from '../../../adapters/http/anomalyWords.ts'

const told = (
  name: AnomalyName,
  facts: Anomaly['facts'],
  settlements: readonly string[] = ['S2', 'S1'],
) => problemOf(name, { subject: 'x', settlements, facts })

test.each([
  [
    'two-places',
    { region: '440100', others: [{ settlement: 'S1', region: '510100', days: 2 }] },
    'Treated in 440100, and at that time elsewhere: S1 (510100) within a stay, by 2 days.',
    '在440100就医，同时在异地就医：S1（510100）与住院期间重叠2天。',
  ],
  [
    'two-places',
    { region: '440100', others: [{ settlement: 'S1', region: '510100', minutes: 12.5 }] },
    'Treated in 440100, and at that time elsewhere: S1 (510100) 12.5 minutes apart.',
    '在440100就医，同时在异地就医：S1（510100）相隔12.5分钟。',
  ],
  [
    'same-bill',
    { total: '25.00', seconds: 120, sameTerminal: true },
    'The very same bill of 25.00 yuan stands already as S1, settled 120 seconds before at the same terminal.',
    '项目与金额完全相同的费用25.00元已结算（S1），相隔120秒，同一终端。',
  ],
  [
    'under-limit',
    { limit: 'tap', most: '300.00', bills: 3, total: '880.00', highest: '299.00' },
    '3 bills of up to 299.00 yuan, just under the limit of one payment without a PIN of 300.00.',
    '3笔费用最高299.00元，略低于免密单笔限额300.00元。',
  ],
  [
    'under-limit',
    { limit: 'year', sum: 'pool', most: '450000.00', highest: '449000.00' },
    '449000.00 of 450000.00 yuan of the limit of the year (pool) are used, and no bill passed it.',
    '年度限额（pool）450000.00元已使用449000.00元，且未超出。',
  ],
  [
    'lost-card',
    { tries: 2, codes: ['card-formally-lost'], institutions: ['H1', 'H2'] },
    'Refused 2 times at H1, H2: card-formally-lost.',
    '在H1, H2被拒2次：card-formally-lost。',
  ],
  [
    'lost-card',
    { sold: '88.00', at: '2026-03-02T09:00:00+08:00' },
    'Sold 88.00 yuan offline at 2026-03-02T09:00:00+08:00 with a card that was blocked already.',
    '2026-03-02T09:00:00+08:00离线销售88.00元，当时卡已挂失或失效。',
  ],
  [
    'peers',
    {
      measure: 'fund-share',
      care: 'outpatient',
      level: 'secondary',
      settlements: 40,
      peers: 6,
      value: '95.00',
      median: '49.50',
      deviations: 61.3,
    },
    'Its share paid by the funds (outpatient, secondary, 40 settlements) is 95.00 %, and the median of 6 peers 49.50 %, 61.3 deviations away.',
    '基金支付比例（outpatient，secondary，40笔）为95.00%，6家同级机构中位数49.50%，相差61.3倍离差。',
  ],
  [
    'peers',
    {
      measure: 'average-bill',
      care: 'outpatient',
      level: 'secondary',
      settlements: 40,
      peers: 6,
      value: '95.00',
      median: '49.50',
      deviations: null,
    },
    'Its average bill (outpatient, secondary, 40 settlements) is 95.00 yuan, and the median of 6 peers 49.50 yuan.',
    '次均费用（outpatient，secondary，40笔）为95.00元，6家同级机构中位数49.50元。',
  ],
  [
    'jump',
    {
      sums: [
        { sum: 'pool', amount: '5000.01', mean: '500.00', times: 10 },
        { sum: 'burden', amount: '100000.00' },
      ],
    },
    'One settlement moves pool by 5000.01, 10 times the mean of 500.00 before; burden by 100000.00.',
    '一次结算使累计pool增加5000.01元，为此前均值500.00元的10倍；burden增加100000.00元。',
  ],
] as const)('%s is told in whole sentences: %j', (name, facts, en, zh) => {
  expect(told(name, facts)).toEqual({ en, zh })
})

test('what a view no longer tells leaves an ellipsis and no hole', () => {
  expect(told('peers', {}).en).toContain('…')
})
