import { eCardsAt, byPin } from '../support/eCards.ts'
import { chipOf, chipRead, pinBody, readerAt } from '../support/reader.ts'
import { claim } from '../adapters/http/served.ts'

type Body = Record<string, unknown>

/** What is this run's alone, by the name of its field: the same in every run of the page. */
const stable: Readonly<Record<string, unknown>> = {
  id: '06BPQ1N9V0W3ERQJ8Z1T4FB6MSQ0K4',
  challenge: '06BPQ1N9V0W3ERQJ8Z1T4FB6MSQ0K4',
  random: '4a5343f0a1b2c3d44a534305d6e7f809',
  cryptogram: '9b1f6c02d83e4a7755c0e1a2b3d4f596',
  authentication: '06BPQ1NA40W3G1C5M7KXH2D8ESTR9P',
  block: '0f1e2d3c4b5a69788796a5b4c3d2e1f0',
  token: 'AQEBUQEAAAEBnKx1b0ABnKx3RABvCTxQdw2f… (258)',
  expires: '2026-03-02T09:01:00.000+08:00',
  from: '2026-03-02T09:00:00.000+08:00',
}

/** As a page shows it: nothing of this run, and of a settlement only what there is to see. */
function shown(value: unknown, until: string): unknown {
  if (Array.isArray(value)) return value.map((each) => shown(each, until))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, own]) => {
      if (name === 'until') return [name, until]
      if (name === 'number' && String(own).length > 100) return [name, stable['token']]
      // The number of a fee line is the sender's own, and so is the day until when a card is valid.
      const isOurs =
        typeof own === 'string' &&
        (name !== 'id' || own.length === 30) &&
        (name !== 'expires' || own.includes('T'))
      const fixed = isOurs ? stable[name] : undefined
      return [name, fixed ?? shown(own, until)]
    }),
  )
}

interface Example {
  readonly path: string
  readonly request: Body
  readonly status: number
  readonly answer: Body
  /** What stands for the end of what was given. */
  readonly until?: string
}

function write({ path, request, status, answer, until = '' }: Example): string {
  const body = (value: Body): string => JSON.stringify(shown(value, until), undefined, 2)
  return [
    '```http',
    `POST ${path}`,
    '',
    body(request),
    '',
    `${status}`,
    '',
    body(answer),
    '```',
  ].join('\n')
}

/** Plays the examples of docs/card-authentication.md against a server: each a part of the page, by its name. */
export async function playCards(url: string): Promise<Record<string, string>> {
  const examples: Record<string, string> = {}
  let keys = 0
  const sent: { path: string; request: Body; status: number; answer: Body }[] = []
  const post = async (path: string, request: unknown, key = `page-${++keys}`) => {
    const reply = await fetch(url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': key },
      body: JSON.stringify(request),
    })
    const text = await reply.text()
    const json = JSON.parse(text) as Body
    sent.push({ path, request: request as Body, status: reply.status, answer: json })
    return { status: reply.status, json, text }
  }
  const keep = (name: string, until?: string, pick?: (answer: Body) => Body): void => {
    const last = sent.at(-1)
    if (!last) throw new Error('nothing was sent')
    const { answer } = last
    examples[name] = write({
      ...last,
      answer: pick ? pick(answer) : answer,
      ...(until && { until }),
    })
  }
  const reader = readerAt(post)
  const { id, random } = await reader.challenge('E1')
  keep('challenge')
  const cryptogram = chipOf('E1').answer(Buffer.from(random, 'hex')).toString('hex')
  const pin = pinBody('135790', 'E1')
  const read = await reader.send({ card: chipRead('E1'), challenge: id, cryptogram, pin })
  keep('answer', '2026-03-02T09:30:00.000+08:00')
  const { number } = chipRead('E1')
  const { authentication } = read.json
  const item = '001101000010000'
  const line = { id: 'L1', item, quantity: '1', unitPrice: '12.00', amount: '12.00' }
  const bill = { ...claim, institution: 'H51010000002', total: '12.00', lines: [line] }
  const settled = ({ state, person, total, account, cash }: Body): Body => ({
    state,
    person,
    total,
    account,
    cash,
    '…': '…',
  })
  await post('/v1/settlements', { ...bill, credential: { type: 'card', number, authentication } })
  keep('settlement', undefined, settled)
  const eCards = eCardsAt(post)
  const token = await eCards.token('E2', { ...byPin('E2'), only: 'H51010000002' })
  keep('token', '2026-03-02T09:02:00.000+08:00')
  await post('/v1/settlements', { ...bill, credential: { type: 'e-card', number: token } })
  keep('token-settlement', undefined, settled)
  await eCards.verify(await eCards.token('E2', { purpose: 'identity' }))
  keep('verification')
  return examples
}
