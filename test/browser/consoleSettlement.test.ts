import { mkdtempSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { browserFile, openBrowser } from './chromium.ts'
import { type Console, openConsole } from './consoleWorld.ts'
import { barriersOn, complaintsOf, settled } from './looking.ts'

describe.skipIf(browserFile === undefined)('what the console shows of settlements', () => {
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

  const open = async (at: string): Promise<void> => {
    await page.goto(`${served.url}/console/${at}`)
    await settled(page)
  }
  const stay = () => served.one((s) => s.care === 'inpatient' && s.state === 'settled')

  describe('a settlement', () => {
    interface Detail {
      readonly total: string
      readonly fundTotal: string
      readonly cash: string
      readonly lines: readonly unknown[]
      readonly trace: readonly { readonly citation: { readonly title: string } }[]
    }
    const plain = (text: string | null): string => (text ?? '').replace(/[,\s]/g, '')

    test('is led from its total to its cash, line by line and share by share', async () => {
      const detail = await served.get<Detail>(`/v1/settlements/${stay().id}`)
      await open(`settlements/${stay().id}`)
      await page.locator('.waterfall .yuan').first().waitFor()
      const amounts = await page.locator('.waterfall .yuan').allTextContents()
      expect(plain(amounts[0] ?? '')).toBe(detail.total)
      expect(plain(amounts.at(-1) ?? '')).toBe(detail.cash)
      expect(await page.locator('#bill tbody tr').count()).toBe(detail.lines.length)
      expect(plain(await page.locator('#bill tfoot td').nth(4).textContent())).toBe(detail.total)
      expect(await page.locator('.steps > li').count()).toBe(detail.trace.length)
      const cited = await page.locator('.steps .cite').allTextContents()
      detail.trace.forEach(({ citation }, i) => expect(cited[i]).toContain(citation.title))
    })

    test('shows the very rule by which a share was paid', async () => {
      await page.locator('.steps details.rule summary').first().click()
      const rule = page.locator('.steps details.rule .tree').first()
      await rule.waitFor()
      expect(await rule.textContent()).toContain('起付线')
    })

    test('shows what it moved in the books', async () => {
      const { items } = await served.get<{ items: { amount: string; debit: string }[] }>(
        `/v1/ledger/transfers?settlement=${stay().id}`,
      )
      expect(items.length).toBeGreaterThan(0)
      const rows = page.locator('#transfers tbody tr')
      expect(await rows.count()).toBe(items.length)
      for (const [i, { amount, debit }] of items.entries()) {
        const text = plain(await rows.nth(i).textContent())
        expect(text).toContain(amount)
        expect(text).toContain(debit)
      }
    })

    test('is proved in the browser, and a receipt that was changed is not', async () => {
      await open(`settlements/${stay().id}`)
      const verdict = page.locator('#proof .verdict')
      // What has just been settled is sealed within moments.
      await expect
        .poll(
          async () => {
            if ((await verdict.count()) === 0) await open(`settlements/${stay().id}`)
            await verdict.waitFor({ timeout: 3_000 }).catch(() => {})
            return (await verdict.count()) > 0 ? verdict.textContent() : ''
          },
          { timeout: 20_000 },
        )
        .toContain('已验证')
      await page.route('**/v1/ledger/proofs/*', async (route) => {
        const answer = await route.fetch()
        const text = (await answer.text()).replace('"text":"', '"text":" ')
        await route.fulfill({ response: answer, body: text })
      })
      await page.reload()
      await expect.poll(async () => verdict.textContent(), { timeout: 15_000 }).toContain('未通过')
      await page.unroute('**/v1/ledger/proofs/*')
      expect(await page.locator('#proof .fails').count()).toBeGreaterThan(0)
    })

    test('has a statement of one page', async () => {
      await open(`statement/${stay().id}`)
      const sheet = page.locator('.sheet')
      const { total, fundTotal } = await served.get<Detail>(`/v1/settlements/${stay().id}`)
      const text = plain(await sheet.textContent())
      for (const part of [
        stay().id,
        total,
        fundTotal,
        '医疗费用结算单',
        '大写',
        '起付线',
        '入院日期',
        '住院天数',
      ])
        expect(text).toContain(part)
      await expect.poll(async () => sheet.textContent()).toMatch(/演示\S*医院（H\d+）/)
      await expect.poll(async () => sheet.textContent()).toContain('成都市（510100）')
      const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1')
      expect(pdf.match(/\/Type\s*\/Page\b/g)?.length).toBe(1)
    })
  })

  test('institutions of a whole list are told by name, and asked for at once', async () => {
    const asked: string[] = []
    const note = (request: { url(): string }) => {
      if (request.url().includes('/v1/institutions')) asked.push(request.url())
    }
    page.on('request', note)
    await open('find?tab=settlements')
    const cell = page.locator('tbody a.account', { hasText: 'H51010000001' }).first()
    await expect.poll(async () => cell.textContent()).toContain('演示三级医院')
    page.off('request', note)
    expect(asked).toHaveLength(1)
  })

  test('a whole export is verified in the browser, and a changed one names what was changed', async () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'jiesuan-export-'))
    const whole = await (await fetch(`${served.url}/v1/ledger/export`)).text()
    const good = path.join(folder, 'good.jsonl')
    const bad = path.join(folder, 'bad.jsonl')
    writeFileSync(good, whole)
    const at = whole.split('\n').findIndex((line) => line.includes(stay().id))
    const lines = whole.split('\n')
    lines[at] = (lines[at] ?? '').replace('普通', '特殊').replace(/\b1(\d\d+)\b/, '2$1')
    writeFileSync(bad, lines.join('\n'))
    await open('proofs')
    await page.locator('#file').setInputFiles(good)
    const verdict = page.locator('.verdict').last()
    await expect.poll(async () => verdict.textContent(), { timeout: 20_000 }).toContain('核验无误')
    await page.locator('#file').setInputFiles(bad)
    await expect.poll(async () => verdict.textContent(), { timeout: 20_000 }).toContain('核验不符')
    expect(await page.locator('.findings').last().textContent()).toContain(stay().id)
  })

  test('100,000 rows are gone through by keys, with few of them drawn', {
    timeout: 400_000,
  }, async () => {
    const wanted = 100_000
    await served.owner.query(
      `with postings as (select posting_id, owner_id, row_number() over (order by position) as nth from journal
                          order by position limit 50)
       insert into transfer (owner_id, posting_id, leg, kind, debit_account, credit_account, amount_fen)
       select owner_id, posting_id, 1000 + n, 'cash', 'memo:window:H51010000001', 'memo:person:' || n, n
       from postings, generate_series(1, $1::int / 50) n`,
      [wanted],
    )
    await open('books?tab=transfers')
    const table = page.locator('table')
    expect(await table.getAttribute('aria-rowcount')).toBe('-1')
    await page.getByRole('button', { name: '全部取来' }).click()
    await expect
      .poll(async () => page.locator('p.count').textContent(), { timeout: 300_000, interval: 500 })
      .toMatch(/共 10\d{4} 条/)
    const count = Number(await table.getAttribute('aria-rowcount')) - 1
    expect(count).toBeGreaterThan(wanted)
    expect(await page.locator('tbody tr').count()).toBeLessThan(100)
    await page.locator('.scroll.long').focus()
    const active = async () =>
      page.evaluate<string>(`document.activeElement?.getAttribute('aria-rowindex')`)
    await page.keyboard.press('ArrowDown')
    await expect.poll(active).toBe('2')
    await page.keyboard.press('End')
    await expect.poll(active).toBe(String(count + 1))
    expect(await page.locator(`tr[aria-rowindex="${count + 1}"]`).isVisible()).toBe(true)
    await page.keyboard.press('PageUp')
    await page.keyboard.press('ArrowUp')
    await expect.poll(async () => Number(await active())).toBeLessThan(count - 3)
    await page.keyboard.press('Home')
    await expect.poll(active).toBe('2')
    expect(await barriersOn(page)).toEqual([])
  })

  test('the browser complained of nothing', () => {
    expect(complaints).toEqual([])
  })
})
