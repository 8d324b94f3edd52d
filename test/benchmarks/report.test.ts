import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Outcome } from '../../benchmarks/figure.ts'
import { inFolder } from '../../benchmarks/folders.ts'
import { scaleOf, shortly } from '../../benchmarks/report/axis.ts'
import { type Chart, drawChart } from '../../benchmarks/report/chart.ts'
import { middleOf } from '../../benchmarks/report/charts.ts'
import { writePage } from '../../benchmarks/report/page.ts'
import { clock, exactly } from '../../benchmarks/report/words.ts'
import { addToHistory, keepResult, type Result, summaryOf } from '../../benchmarks/results.ts'

const chart: Chart = {
  name: 'latency',
  title: 'Latency <over> rate',
  x: { label: 'requests a second', scale: 'linear' },
  y: { label: 'ms', scale: 'log' },
  series: [
    {
      name: 'p50',
      line: [
        [100, 4],
        [200, 8],
      ],
      dots: [
        [100, 4],
        [200, 8],
      ],
    },
    {
      name: 'p99',
      line: [
        [100, 20],
        [200, 400],
      ],
    },
  ],
}
const result = (id: string, ratio: number, more: Partial<Outcome> = {}): Result => {
  const outcome: Outcome = {
    marks: [
      {
        name: 'ours / bare SQL',
        unit: '',
        rounds: [ratio - 0.1, ratio, ratio + 0.1],
        target: { atLeast: 0.6 },
      },
      { name: 'ours', unit: '/s', rounds: [3_999.6, 4_100, 4_200] },
    ],
    load: { sent: 1_000, dropped: 0, failed: 0 },
    books: { answered: 1_000, stored: 1_000, wrong: [] },
    settings: { fsync: 'on' },
    charts: [chart],
    ...more,
  }
  return {
    figure: { id, title: 'Settlements a second', against: 'bare SQL & nothing else' },
    begun: '2026-11-28T10:00:00.000Z',
    took_s: 75,
    commit: 'abc',
    machine: {
      processor: 'A <fast> one',
      cores: 2,
      memory_GiB: 8,
      system: 'Linux x64',
      load: 0.5,
      bills_per_second: 71_000,
    },
    versions: { node: 'v26.10.0' },
    session: { quick: false, rounds: 3, seconds: 10, seed: '1' },
    workers: '2',
    outcome,
    summary: summaryOf(outcome),
  }
}

describe('an axis', () => {
  test('of even steps begins at zero and ends at or above the largest value', () => {
    const { ticks, at } = scaleOf({ label: '', scale: 'linear' }, [130, 970], [0, 100])
    expect(ticks).toEqual([0, 200, 400, 600, 800, 1000])
    expect([at(0), at(500), at(1000)]).toEqual([0, 50, 100])
  })

  test('of powers lies around all values, whatever they are', () => {
    const log = { label: '', scale: 'log' } as const
    expect(scaleOf(log, [3, 700], [0, 1]).ticks).toEqual([2, 5, 10, 20, 50, 100, 200, 500, 1000])
    expect(scaleOf(log, [3, 3], [0, 1]).ticks).toEqual([2, 5])
    expect(scaleOf(log, [1, 1e7], [0, 1]).ticks).toEqual([1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7])
    expect(scaleOf(log, [], [0, 1]).ticks).toEqual([1, 2, 5, 10])
  })

  test('writes large numbers shortly', () => {
    expect([0, 0.5, 250, 12_500, 3_000_000].map(shortly)).toEqual([
      '0',
      '0.5',
      '250',
      '12.5k',
      '3M',
    ])
  })
})

describe('a chart', () => {
  test('is an SVG with a line and points for each series, and every value in a title', () => {
    const svg = drawChart(chart)
    expect(svg.match(/<polyline/g)).toHaveLength(2)
    expect(svg.match(/<circle/g)).toHaveLength(6)
    expect(svg).toContain('<title>p99: 200, 400</title>')
    expect(svg).toContain('Latency &#60;over&#62; rate')
    expect(svg).not.toMatch(/NaN|Infinity|undefined/)
  })

  test('draws a line through the middle of loads at nearly the same rate', () => {
    expect(
      middleOf([
        [210, 9],
        [100, 1],
        [104, 3],
        [102, 2],
      ]),
    ).toEqual([
      [102, 2],
      [210, 9],
    ])
  })
})

describe('what is told', () => {
  test('has as many digits as tell something', () => {
    expect(exactly(0.666, '')).toBe('0.67')
    expect(exactly(4_711.4, '/s')).toBe('4711/s')
    expect([4.456, 45.67, 456.7].map((value) => exactly(value, 'ms'))).toEqual([
      '4.46 ms',
      '45.7 ms',
      '457 ms',
    ])
    expect(clock(75.9)).toBe('1:15')
  })

  test('the page has each figure with its value, spread, target and standing, and its charts', () => {
    const page = writePage([result('B1', 0.7), result('B2', 0.5)])
    expect(page).toContain(
      '<td class="number">0.70<td class="number">0.60 to 0.80<td class="number">at least 0.60<td class="met">met',
    )
    expect(page).toContain('<td class="missed">missed')
    expect(page).toContain('1000 requests sent, 0 dropped, 0.000 % failed')
    expect(page).toContain('1000 settlements answered, 1000 stored, nothing wrong')
    expect(page).toContain('workers 2')
    expect(page).toContain('bare SQL &#38; nothing else')
    expect(page).toContain('A &#60;fast&#62; one')
    expect(page).toContain('a core splits 71000 bills a second')
    expect(page.match(/<svg/g)).toHaveLength(2)
    expect(page).not.toContain('class="fault"')
  })

  test('the page says where books are wrong, whatever the figure is', () => {
    const books = { answered: 2, stored: 1, wrong: ['2 were answered, but only 1 is stored'] }
    const page = writePage([result('B1', 0.7, { books })])
    expect(page).toContain('met, <span class="fault">but see what is wrong')
    expect(page).toContain('<span class="fault">2 were answered, but only 1 is stored</span>')
  })

  test('a result has its marks in brief', () => {
    expect(result('B1', 0.5).summary).toEqual([
      { name: 'ours / bare SQL', unit: '', median: 0.5, spread: [0.4, 0.6], standing: 'missed' },
      { name: 'ours', unit: '/s', median: 4_100, spread: [3_999.6, 4_200], standing: undefined },
    ])
  })

  test('a run that does not count replaces none that does, and is kept apart', async () =>
    inFolder('results', (folder) => {
      const valueIn = (file: string): number | undefined =>
        (JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as Result).summary[0]?.median
      const counted = keepResult(folder, result('B3', 0.7))
      const refused = { sent: 1_000, dropped: 0, failed: 2 }
      const uncounted = keepResult(folder, result('B3', 0.9, { load: refused }))
      expect([counted, uncounted].map((file) => path.relative(folder, file))).toEqual([
        'report.html',
        path.join('uncounted', 'report.html'),
      ])
      expect([valueIn('B3.json'), valueIn('uncounted/B3.json')]).toEqual([0.7, 0.9])
      expect(readFileSync(uncounted, 'utf8')).toContain('0.20 % of the requests failed')
    }))

  test('the newest result of each figure is kept with its charts, and a line of all that there were', async () =>
    inFolder('results', (folder) => {
      const read = (name: string): string => readFileSync(path.join(folder, name), 'utf8')
      for (const one of [result('B10', 0.7), result('B2', 0.5), result('B2', 0.65)]) {
        keepResult(folder, one)
        addToHistory(path.join(folder, 'history.jsonl'), one)
      }
      expect(readdirSync(folder).toSorted()).toEqual([
        'B10-latency.svg',
        'B10.json',
        'B2-latency.svg',
        'B2.json',
        'history.jsonl',
        'report.html',
      ])
      expect(JSON.parse(read('B2.json'))).toEqual(result('B2', 0.65))
      expect(read('report.html')).toMatch(/id="B2"[^]*id="B10"/)
      const lines = read('history.jsonl')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as object)
      expect(lines).toHaveLength(3)
      expect(lines[1]).toMatchObject({
        figure: 'B2',
        value: 0.5,
        low: 0.4,
        high: 0.6,
        standing: 'missed',
      })
    }))
})
