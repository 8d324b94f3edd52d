import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sandboxCallerKey } from '../../adapters/crypto/callerKeys.ts'
import { browserFile, openBrowser } from './chromium.ts'
import { type Console, openConsole } from './consoleWorld.ts'
import { complaintsOf, settled } from './looking.ts'

describe.skipIf(browserFile === undefined)('an auditor', () => {
  let served: Console
  let browser: Browser
  let page: Page
  let complaints: string[]
  beforeAll(async () => {
    served = await openConsole()
    browser = await openBrowser()
    page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
    complaints = complaintsOf(page)
  })
  afterAll(async () => {
    await browser?.close()
    await served?.close()
  })
  const stay = () => served.one((s) => s.care === 'inpatient' && s.state === 'settled')
  const open = async (at: string): Promise<void> => {
    await page.goto(`${served.url}/console/${at}`)
    await settled(page)
  }

  test('comes from a masked name and a day to the transfer, the citation and a verified proof in under ten clicks', async () => {
    const { name } = await served.get<{ name: string }>(`/v1/people/${stay().person}`)
    let clicks = 0
    const click = async (what: ReturnType<Page['locator']>): Promise<void> => {
      clicks += 1
      await what.click()
      await settled(page)
    }
    await open('')
    await click(page.getByRole('link', { name: '查找', exact: true }))
    await page.locator('main input[name="q"]').fill(name)
    await page.locator('main input[name="on"]').fill(stay().day)
    await click(page.locator('main form[role="search"] button'))
    await click(page.locator('tbody a', { hasText: stay().id }).first())
    expect(await page.locator('.steps .cite').first().textContent()).toContain('〔')
    await click(page.locator('.jumps a', { hasText: '分录' }))
    expect(await page.locator('#transfers tbody tr').count()).toBeGreaterThan(0)
    await click(page.locator('.jumps a', { hasText: '证明' }))
    const verdict = page.locator('#proof .verdict')
    await expect.poll(async () => verdict.textContent(), { timeout: 15_000 }).toContain('已验证')
    expect(clicks).toBeLessThan(10)
  })

  test('sees what goes on today', async () => {
    await open('')
    expect(await page.locator('.cards .card').count()).toBe(8)
    expect(await page.locator('.chart rect').count()).toBeGreaterThan(60)
  })

  test('unmasks a person only for a reason', async () => {
    await open(`people/${stay().person}`)
    await page.getByRole('button', { name: '显示真实身份' }).click()
    const record = page.getByRole('button', { name: '记录并显示' })
    expect(await record.isDisabled()).toBe(true)
    await page.locator('#reason').fill('核查住院结算')
    await record.click()
    const shown = page.locator('dialog .facts')
    await expect.poll(async () => shown.textContent()).not.toContain('*')
    await page.keyboard.press('Escape')
    await open(`access?person=${stay().person}`)
    expect(await page.locator('tbody').textContent()).toContain('核查住院结算')
  })

  test('signs in with a key that is kept in this tab alone, and sees what the role may', async () => {
    const [auditor, hospital] = ['auditor', 'hospital'].map(sandboxCallerKey)
    const signIn = async (key: string): Promise<void> => {
      await open('')
      await page.getByRole('button', { name: '登录' }).first().click()
      await page.locator('#caller-key').fill(key)
      await page.locator('dialog button.main').click()
    }
    const who = async (): Promise<string | null> => page.locator('.who').textContent()
    const main = async (): Promise<string | null> => page.locator('main').textContent()
    await signIn(auditor ?? '')
    await expect.poll(who).toContain('审计')
    expect(await page.evaluate(`JSON.stringify(localStorage)`)).not.toContain('jsk.')
    await page.getByRole('button', { name: '退出' }).click()
    await signIn(hospital ?? '')
    await expect.poll(main).toContain('role-not-allowed')
    await page.getByRole('button', { name: '退出' }).click()
    await signIn('jsk.nobody.of-this-name')
    await expect.poll(who).toContain('密钥无效')
    await page.getByRole('button', { name: '退出' }).click()
  })

  test('is told of nothing by the browser', () => {
    expect(complaints).toEqual([])
  })
})
