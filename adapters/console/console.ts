import { readFileSync } from 'node:fs'
import type { FastifyInstance } from 'fastify'

const files = {
  '/console/crossings': ['crossings.html', 'text/html'],
  '/console/crossings.css': ['crossings.css', 'text/css'],
  '/console/crossings.js': ['crossings.js', 'text/javascript'],
} as const

/** The pages run what stands here and nothing else, ask this server and nobody else, and stand in nobody's frame. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** Pages for operators (运维页面): files as they are, which ask over REST like everybody else. */
async function serveConsole(app: FastifyInstance): Promise<void> {
  for (const [path, [name, type]] of Object.entries(files)) {
    const text = readFileSync(new URL(`./web/${name}`, import.meta.url), 'utf8')
    app.get(path, { schema: { hide: true } }, async (_, reply) =>
      reply
        .type(`${type}; charset=utf-8`)
        .header('Content-Security-Policy', policy)
        .header('Referrer-Policy', 'no-referrer')
        .send(text),
    )
  }
}

export const consolePages = { prefixes: ['/console/'], serve: serveConsole }
