import { readFileSync } from 'node:fs'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type Asset, type Built, openBuilt } from './built.ts'
import { pageNames } from './web/pageNames.ts'

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

const guarded = (reply: FastifyReply): FastifyReply =>
  reply.header('Content-Security-Policy', policy).header('Referrer-Policy', 'no-referrer')

/** Pages for operators and auditors (运维与审计页面), which ask over REST like everybody else. */
async function serveConsole(app: FastifyInstance): Promise<void> {
  for (const [path, [name, type]] of Object.entries(files)) {
    const text = readFileSync(new URL(`./web/${name}`, import.meta.url), 'utf8')
    app.get(path, { schema: { hide: true } }, async (_, reply) =>
      guarded(reply).type(`${type}; charset=utf-8`).send(text),
    )
  }
  servePages(
    app,
    openBuilt((error) => app.log.error({ err: error }, 'the console was not built')),
  )
}

const notBuilt =
  'The console could not be built here; the log says why. Mend it, or run: npm run build:console\n' +
  '控制台未能构建，原因见日志。请处理后重启，或执行：npm run build:console\n'

function servePages(app: FastifyInstance, opened: () => Promise<Built | undefined>): void {
  const hidden = { schema: { hide: true } }
  app.get('/console', hidden, async (_, reply) => reply.redirect('/console/', 308))
  const page = async (request: FastifyRequest, reply: FastifyReply) => {
    const built = await opened()
    if (!built) return reply.code(503).type('text/plain; charset=utf-8').send(notBuilt)
    return send(request, guarded(reply).header('Cache-Control', 'no-cache'), built.page)
  }
  app.get('/console/', hidden, page)
  for (const name of pageNames) {
    app.get(`/console/${name}`, hidden, page)
    app.get(`/console/${name}/*`, hidden, page)
  }
  app.get<{ Params: { name: string } }>('/console/assets/:name', hidden, async (request, reply) => {
    const built = await opened()
    const asset = built?.assets.get(request.params.name)
    if (!asset) return reply.code(404).type('text/plain; charset=utf-8').send('not here\n')
    // Its name changes with its bytes, so that whoever has it never needs to ask again.
    const forEver = guarded(reply).header('Cache-Control', 'public, max-age=31536000, immutable')
    return send(request, forEver, asset)
  })
}

/** What was made small when it was built goes out as it lies there. */
function send({ headers }: FastifyRequest, reply: FastifyReply, asset: Asset): FastifyReply {
  const { type, tag, plain, br, gzip } = asset
  const taken = headers['accept-encoding'] ?? ''
  const [encoding, body] = /\bbr\b/.test(taken)
    ? ['br', br]
    : /\bgzip\b/.test(taken)
      ? ['gzip', gzip]
      : [undefined, plain]
  reply.type(type).header('Vary', 'Accept-Encoding').header('ETag', `"${tag}"`)
  if (headers['if-none-match'] === `"${tag}"`) return reply.code(304).send()
  if (encoding !== undefined) reply.header('Content-Encoding', encoding)
  return reply.send(body)
}

export const consolePages = { prefixes: ['/console/'], serve: serveConsole }
