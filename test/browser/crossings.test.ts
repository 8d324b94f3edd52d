import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  hospital,
  loseAnswer,
  openRegions,
  putOff,
  type Regions,
  reverse,
} from '../support/regions.ts'
import { browserFile, openBrowser } from './chromium.ts'

if (browserFile === undefined)
  console.log('No Chromium is here, so no page was looked at: apt-get install chromium')

test.runIf(process.env['CI'])('a browser is here', () => {
  expect(browserFile).toBeDefined()
})

describe.skipIf(browserFile === undefined)('what waits for other regions, as a page', () => {
  let regions: Regions
  let browser: Browser
  let page: Page
  /** Whatever the browser complained of, policies that were broken among it. */
  const complaints: string[] = []
  beforeAll(async () => {
    regions = await openRegions()
    browser = await openBrowser()
    page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
    page.on('pageerror', (error) => complaints.push(error.message))
    page.on('console', (said) => {
      // A question that is answered with 404 is no fault of the page.
      const wrong = said.type() === 'error' && !said.text().includes('404')
      if (wrong) complaints.push(said.text())
    })
  })
  afterAll(async () => {
    await browser?.close()
    await regions?.close()
  })

  const rows = () => page.locator('tbody tr')
  const card = (words: string) => page.locator('#counts .card', { hasText: words })
  const reference = `${hospital} p1`

  test('says that nothing waits', async () => {
    await page.goto(`${regions.chengdu.url}/console/crossings`)
    await page.getByText('没有等待中的异地交易').waitFor()
    expect(await page.locator('table').isVisible()).toBe(false)
    expect(await page.locator('#as-of').textContent()).toMatch(/as of 2026-03-02 09:/)
    expect(await card('全部').locator('strong').textContent()).toBe('0')
  })

  test('runs nothing but its own script and style, and stands in no frame', async () => {
    const { headers } = await regions.chengdu.ask('/console/crossings')
    const policy = headers.get('content-security-policy') ?? ''
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("script-src 'self'")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).not.toContain('unsafe')
    const hosts = await page.evaluate(() =>
      performance.getEntriesByType('resource').map(({ name }) => new URL(name).host),
    )
    expect(new Set(hosts)).toEqual(new Set([new URL(regions.chengdu.url).host]))
  })

  test('shows by itself what began to wait, with its age and its state in both languages', async () => {
    await loseAnswer(regions, 'p1')
    await loseAnswer(regions, 'p2')
    await regions.line.become('cut')
    await loseReversal('p2')
    await putOff(regions)
    await rows().nth(1).waitFor()
    expect(await rows().count()).toBe(2)
    const first = await page.locator('tr', { hasText: reference }).innerText()
    for (const words of ['结果未知', 'unknown', '结算', 'settle', '440100', '03-03 09:00:00', ' s'])
      expect(first).toContain(words)
    await expect.poll(async () => card('结果未知').innerText()).toMatch(/1\s+最久 oldest \d+ s/)
    expect(await card('冲正中').innerText()).toMatch(/1\s+最久 oldest/)
  })

  /** The reversal is taken here, and cannot be told to Guangzhou yet. */
  async function loseReversal(key: string): Promise<void> {
    const { status } = await reverse(regions, key)
    expect(status).toBe(201)
  }

  test('raises the alarm, and that comes first', async () => {
    await regions.chengdu.owner.query(`update due set attempts = 6 where subject = $1`, [
      `crossing ${hospital} p2`,
    ])
    await page.locator('tr.alarm').waitFor()
    expect(await rows().first().innerText()).toContain('告警')
    expect(await card('告警').locator('strong').textContent()).toBe('1')
  })

  test('shows those of one state alone', async () => {
    await card('结果未知').click()
    expect(await rows().count()).toBe(1)
    expect(await rows().first().innerText()).toContain(reference)
    expect(await card('结果未知').getAttribute('aria-pressed')).toBe('true')
    await card('已发起').click()
    await page.getByText('没有处于此状态的交易').waitFor()
    expect(await rows().count()).toBe(0)
    await card('全部').click()
    expect(await rows().count()).toBe(2)
  })

  test('tells everything that happened to one', async () => {
    await page.getByRole('button', { name: `${hospital} p2`, exact: true }).click()
    await page.locator('#one li').nth(2).waitFor()
    const steps = await page.locator('#one li').allInnerTexts()
    expect(steps.map((step) => /(已发起|结果未知|冲正中)/.exec(step)?.[0])).toEqual([
      '已发起',
      '结果未知',
      '冲正中',
    ])
    await page.locator('#close').click()
    expect(await page.locator('#one').isVisible()).toBe(false)
  })

  test('finds one by its reference, and says where there is none', async () => {
    await page.locator('#reference').fill('<img src=x onerror=alert(1)>')
    await page.locator('#find button').click()
    await page.locator('#about', { hasText: '没有这笔交易' }).waitFor()
    expect(await page.locator('#one h2').textContent()).toBe('<img src=x onerror=alert(1)>')
    expect(await page.locator('#one img').count()).toBe(0)
    await page.locator('#close').click()
  })

  test('has one looked at now, and it is gone from the list', async () => {
    await regions.line.become('whole')
    await page.getByRole('button', { name: `retry: ${reference}` }).click()
    await page.locator('#said', { hasText: '数秒内重查' }).waitFor()
    await page.locator('tr', { hasText: reference }).waitFor({ state: 'detached' })
    expect(await rows().count()).toBe(1)
    await page.locator('#reference').fill(reference)
    await page.locator('#find button').click()
    await page.locator('#one li', { hasText: '成功' }).waitFor()
    await page.locator('#close').click()
  })

  test('says so while the server does not answer, and goes on once it does', async () => {
    expect(complaints).toEqual([])
    await page.route('**/v1/crossings?*', async (route) => route.abort())
    await page.getByText('The server does not answer').waitFor()
    expect(await rows().count()).toBe(1)
    expect(await page.locator('body').getAttribute('class')).toContain('away')
    await page.unroute('**/v1/crossings?*')
    await page.locator('#away').waitFor({ state: 'hidden' })
  })
})
