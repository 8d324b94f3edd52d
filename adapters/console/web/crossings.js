// What waits for other regions, asked of the server every few seconds. Whatever it tells is written as text, never as HTML.

const refresh_ms = 3_000
const patience_ms = 5_000
/** More rows than this nobody reads; the counts are of all of them. */
const mostShown = 1_000

const states = {
  asked: ['已发起', 'asked'],
  unknown: ['结果未知', 'unknown'],
  reversing: ['冲正中', 'being reversed'],
  unsent: ['未发出', 'not sent'],
  done: ['成功', 'done'],
  refused: ['被拒', 'refused'],
  reversed: ['已冲正', 'reversed'],
}
const open = ['asked', 'unknown', 'reversing']
const purposes = {
  settle: ['结算', 'settle'],
  cancel: ['撤销', 'cancel'],
  restore: ['恢复', 'restore'],
}

const $ = (selector) => document.querySelector(selector)
const rows = new Map()
const shown = { filter: undefined, crossings: [], counts: [], asOf: undefined, one: undefined }

/** An element with its class and what it holds. */
function make(name, className, ...children) {
  const element = document.createElement(name)
  element.className = className
  element.append(...children)
  return element
}

/** Words in both languages. */
function both([zh, en]) {
  const english = make('span', '', en)
  english.lang = 'en'
  return [zh, ' ', english]
}

const stateMark = (state) => make('span', `state ${state}`, ...both(states[state] ?? [state, '']))

/** The day is left out where it is the server's own. */
function timeOf(instant) {
  const sameDay = shown.asOf !== undefined && instant.slice(0, 10) === shown.asOf.slice(0, 10)
  return instant.slice(sameDay ? 11 : 5, 19).replace('T', ' ')
}

function spanOf(seconds) {
  const s = Math.max(0, Math.round(seconds))
  if (s < 60) return `${s} s`
  if (s < 3_600) return `${Math.floor(s / 60)} min ${s % 60} s`
  if (s < 86_400) return `${Math.floor(s / 3_600)} h ${Math.floor((s % 3_600) / 60)} min`
  return `${Math.floor(s / 86_400)} d ${Math.floor((s % 86_400) / 3_600)} h`
}

const secondsSince = (instant) => (Date.parse(shown.asOf) - Date.parse(instant)) / 1_000

async function ask(path, body) {
  // The key that somebody signed in with on the other pages, which this one is reached from.
  const key = sessionStorage.getItem('key')
  const shows = key === null ? {} : { authorization: `Bearer ${key}` }
  const response = await fetch(path, {
    signal: AbortSignal.timeout(patience_ms),
    headers: shows,
    ...(body && {
      method: 'POST',
      headers: { ...shows, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }),
  })
  return { status: response.status, json: await response.json() }
}

async function load() {
  const crossings = []
  let next
  let page
  do {
    const cursor = next === undefined ? '' : `&cursor=${encodeURIComponent(next)}`
    const { status, json } = await ask(`/v1/crossings?limit=200${cursor}`)
    if (status !== 200) throw new Error(`HTTP ${status}`)
    page = json
    crossings.push(...page.items)
    next = page.next
  } while (next !== undefined && crossings.length < mostShown)
  crossings.sort((a, b) => b.alarm - a.alarm || a.askedAt.localeCompare(b.askedAt))
  Object.assign(shown, { crossings, counts: page.counts, asOf: page.asOf })
}

function drawCounts() {
  const alarms = shown.crossings.filter(({ alarm }) => alarm)
  const total = shown.counts.reduce((sum, { count }) => sum + count, 0)
  const cards = [
    { filter: undefined, words: ['全部', 'all'], count: total },
    ...open.map((state) => {
      const found = shown.counts.find((one) => one.state === state)
      const oldest = found && found.count > 0 ? found.oldestSeconds : undefined
      return { filter: state, words: states[state], count: found?.count ?? 0, oldest }
    }),
    {
      filter: 'alarm',
      words: ['告警', 'alarm'],
      count: alarms.length,
      oldest: alarms[0] && secondsSince(alarms[0].askedAt),
    },
  ]
  if ($('#counts').childElementCount === 0)
    for (const { filter } of cards) $('#counts').append(makeCard(filter))
  cards.forEach(({ filter, words, count, oldest }, i) => {
    const card = $('#counts').children[i]
    const age = oldest === undefined ? '' : `最久 oldest ${spanOf(oldest)}`
    card.replaceChildren(
      make('span', '', ...both(words)),
      make('strong', '', String(count)),
      make('span', 'age', age),
    )
    card.setAttribute('aria-pressed', String(shown.filter === filter))
    card.classList.toggle('nothing', count === 0)
  })
}

function makeCard(filter) {
  const card = make('button', filter === 'alarm' ? 'card alarm' : 'card')
  card.type = 'button'
  card.addEventListener('click', () => {
    shown.filter = shown.filter === filter ? undefined : filter
    draw()
  })
  return card
}

const passes = ({ state, alarm }) =>
  shown.filter === undefined || (shown.filter === 'alarm' ? alarm : state === shown.filter)

/** Rows are kept from one time to the next, so that whoever is about to press a button presses that one. */
function drawRows() {
  const wanted = shown.crossings.filter(passes)
  const names = new Set(wanted.map(({ reference }) => reference))
  for (const [reference, row] of rows)
    if (!names.has(reference)) {
      row.remove()
      rows.delete(reference)
    }
  const body = $('tbody')
  wanted.forEach((crossing, i) => {
    const row = rows.get(crossing.reference) ?? makeRow(crossing.reference)
    rows.set(crossing.reference, row)
    fillRow(row, crossing)
    if (body.children[i] !== row) body.insertBefore(row, body.children[i] ?? null)
  })
  const nothing = shown.crossings.length === 0
  $('table').hidden = wanted.length === 0
  $('#empty').hidden = !nothing
  $('#none-so').hidden = nothing || wanted.length > 0
  const total = shown.counts.reduce((sum, { count }) => sum + count, 0)
  $('#more').hidden = total <= shown.crossings.length
  $('#more').textContent = `只列出 ${shown.crossings.length} 笔 of ${total} are listed`
}

function makeRow(reference) {
  const name = make('button', 'link', reference)
  name.type = 'button'
  name.title = `${reference}\n经过 history`
  name.addEventListener('click', () => showOne(reference))
  const retry = make('button', 'act', ...both(['重查', 'retry']))
  retry.type = 'button'
  retry.setAttribute('aria-label', `重查 retry: ${reference}`)
  retry.addEventListener('click', () => lookNow(reference, retry))
  const cells = Array.from({ length: 9 }, () => make('td', ''))
  cells[1].append(name)
  cells[8].append(retry)
  cells[5].className = 'number'
  cells[6].className = 'number'
  return make('tr', '', ...cells)
}

function fillRow(row, { state, purpose, region, askedAt, attempts, dueAt, alarm }) {
  const { children } = row
  row.classList.toggle('alarm', alarm)
  const flag = make('span', 'flag', '告警')
  flag.title = 'six attempts brought no word'
  children[0].replaceChildren(stateMark(state), ...(alarm ? [flag] : []))
  children[2].replaceChildren(...both(purposes[purpose] ?? [purpose, '']))
  children[3].textContent = region
  children[4].textContent = timeOf(askedAt)
  children[5].textContent = spanOf(secondsSince(askedAt))
  children[6].textContent = attempts
  children[7].textContent = timeOf(dueAt)
}

async function lookNow(reference, button) {
  button.disabled = true
  try {
    const { status, json } = await ask('/v1/crossings/retry', { reference })
    if (status !== 202) say(`${reference}: HTTP ${status}`)
    else if (json.retried) say(`${reference} 数秒内重查 is looked at within seconds`)
    else say(`${reference} 已结束 is over already`)
  } catch {
    say(`${reference} 未能送达 could not be asked for`)
  }
  button.disabled = false
}

async function showOne(reference) {
  shown.one = reference
  await drawOne()
  $('#one').scrollIntoView({ block: 'nearest' })
}

async function drawOne() {
  const reference = shown.one
  if (reference === undefined) return
  const { status, json } = await ask(
    `/v1/crossings/one?reference=${encodeURIComponent(reference)}`,
  ).catch(() => ({ status: 0 }))
  // Whoever has asked for another one since waits for that.
  if (shown.one !== reference || status === 0) return
  $('#one').hidden = false
  $('#one h2').textContent = reference
  if (status !== 200) {
    // It is not asked about again and again.
    shown.one = undefined
    $('#about').textContent =
      status === 404 ? '没有这笔交易 There is no such request' : `HTTP ${status}`
    $('#one ol').replaceChildren()
    return
  }
  const { purpose, region, institution, history } = json
  const [zh, en] = purposes[purpose] ?? [purpose, '']
  $('#about').textContent = `${zh} ${en} · ${institution} → ${region}`
  $('#one ol').replaceChildren(...history.map(makeStep))
}

function makeStep({ state, at, by }) {
  const mark = make('span', '', stateMark(state))
  return make('li', '', make('time', '', timeOf(at)), mark, make('span', '', by))
}

let saidLast
function say(text) {
  $('#said').textContent = text
  clearTimeout(saidLast)
  saidLast = setTimeout(() => {
    $('#said').textContent = ''
  }, 6_000)
}

function draw() {
  drawCounts()
  drawRows()
}

async function refresh() {
  try {
    await load()
    draw()
    $('#as-of').textContent = `截至 as of ${shown.asOf.slice(0, 19).replace('T', ' ')}`
    $('#away').hidden = true
    document.body.classList.remove('away')
    await drawOne()
  } catch (error) {
    const since = shown.asOf === undefined ? '' : `以下为此前所见 What stands below is older. `
    $('#away').textContent =
      `服务器没有应答，正在重试 The server does not answer; trying again. ${since}(${error.message})`
    $('#away').hidden = false
    document.body.classList.add('away')
  }
  setTimeout(refresh, refresh_ms)
}

$('#find').addEventListener('submit', (event) => {
  event.preventDefault()
  void showOne($('#reference').value.trim())
})
$('#close').addEventListener('click', () => {
  shown.one = undefined
  $('#one').hidden = true
})
void refresh()
