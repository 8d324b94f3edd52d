import http from 'node:http'

export interface Told {
  readonly status: number
  readonly replayed: boolean
  readonly text: string
  readonly json: Record<string, unknown>
}

export interface Asked {
  readonly key?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
}

/**
 * Sends a request over a connection of its own. Connections are handed out in turns, so that of several processes each gets
 * the next one.
 */
export async function askAnew(url: string, asked: Asked = {}): Promise<Told> {
  const { key, body } = asked
  const headers = {
    'content-type': 'application/json',
    ...(key !== undefined && { 'idempotency-key': key }),
    ...asked.headers,
  }
  return new Promise((resolve, reject) => {
    const method = body === undefined ? 'GET' : 'POST'
    const request = http.request(url, { method, agent: false, headers }, (reply) => {
      let text = ''
      reply.setEncoding('utf8').on('data', (part: string) => (text += part))
      reply.on('error', reject)
      reply.on('end', () => {
        const isJson = reply.headers['content-type']?.includes('json')
        const json = isJson ? (JSON.parse(text) as Record<string, unknown>) : {}
        const replayed = reply.headers['idempotency-replayed'] === 'true'
        resolve({ status: reply.statusCode ?? 0, replayed, text, json })
      })
    })
    request.on('error', reject)
    request.end(typeof body === 'string' || body === undefined ? body : JSON.stringify(body))
  })
}
