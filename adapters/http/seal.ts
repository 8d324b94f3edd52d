import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { refuse } from '../../engine/refusal.ts'
import { type App, sendProblem } from './app.ts'
import { bodyOf, Downloads } from './downloads.ts'
import { writeInstant } from './instant.ts'
import { askPage, listOf, listQuery, writePage } from './page.ts'
import { complain, explain } from './problem.ts'
import { logNames, type SealedHead, type SealQueries } from './sealNeeds.ts'
import { Closed, Instant, Next, problems, SettlementId, text } from './words.ts'

const tags = ['ledger']

const Size = (description: string) =>
  text('^[1-9]\\d{0,14}$', description, '1024', 'a whole number from 1 on')

const Log = Type.Optional(
  Type.Enum(logNames, {
    description: 'Which log: the journal, or the access log (访问日志); default `journal`',
  }),
)

const Hash = { type: 'string', description: 'SM3, in base64', contentEncoding: 'base64' } as const

const Head = Closed({
  size: Type.Integer({ description: 'Positions of the journal that it stands for' }),
  root: Hash,
  at: Instant('When it was signed'),
  note: Type.String({
    description:
      'The signed text (C2SP checkpoint with SM3 and SM2): log, size, root, moment, hash of the head before; then who signed',
  }),
})

const Key = Closed({
  name: Type.String(),
  publicKey: Type.String({ description: 'SM2, uncompressed: 04 and 128 digits' }),
  since: Type.Integer({ description: 'The size of the log from which on it signs' }),
  note: Type.Optional(
    Type.String({ description: 'What the key before says of it; the first has none before' }),
  ),
})

const writeHead = ({ size, root, at, note }: SealedHead) => ({
  size: Number(size),
  root: root.toBase64(),
  at: writeInstant(at),
  note,
})

/** The seal (防篡改日志): signed heads, proofs, and the export that is verified without us. */
export function serveSeal(app: App, seal: SealQueries): void {
  serveHeads(app, seal)
  serveKept(app, seal)
  serveConsistency(app, seal)
  serveProofs(app, seal)
  serveExport(app, seal)
}

function serveHeads(app: App, seal: SealQueries): void {
  app.get(
    '/v1/ledger/heads',
    {
      schema: {
        tags,
        summary: 'Signed heads of the journal’s log (日志头), newest first',
        description:
          'Keep one elsewhere: whatever is changed, removed or put back to a backup afterwards no longer fits it.',
        querystring: Closed({ log: Log, ...listQuery }),
        response: {
          200: Closed({ items: Type.Array(Head), next: Next }),
          ...problems([400, 500, 503]),
        },
      },
    },
    async ({ query: { log = 'journal', ...page } }) => {
      const list = listOf('heads', { log })
      const { items, next } = await askPage(list, page, (asked) => seal.heads(asked, log))
      return writePage(list, items.map(writeHead), next)
    },
  )
  app.get(
    '/v1/ledger/seal-key',
    {
      schema: {
        tags,
        summary: 'The public keys that heads are signed with; the last one signs now',
        response: {
          200: Closed({ name: Type.String(), publicKey: Type.String(), keys: Type.Array(Key) }),
          ...problems([404, 500, 503]),
        },
      },
    },
    async (_, reply) => {
      const keys = await seal.keys()
      const last = keys.at(-1)
      if (!last) return sendProblem(reply, complain('nothing-sealed'))
      return reply.send({ name: last.name, publicKey: last.publicKey, keys: [...keys] })
    },
  )
}

function serveKept(app: App, seal: SealQueries): void {
  app.get(
    '/v1/ledger/kept-heads',
    {
      schema: {
        tags,
        summary: 'Heads that other regions left here (他区日志头), by log, the newest first',
        description:
          'Each was proved to go on from the one before. A region that wants to know whether its own books were put back to a backup asks the others for theirs.',
        querystring: Closed(listQuery),
        response: {
          200: Closed({
            items: Type.Array(
              Closed({
                log: Type.String(),
                size: Type.Integer(),
                note: Type.String({ description: 'The signed text' }),
                publicKey: Type.String({ description: 'The first key of that log' }),
                keptAt: Instant('When it was kept here'),
              }),
            ),
            next: Next,
          }),
          ...problems([400, 500, 503]),
        },
      },
    },
    async ({ query }) => {
      const list = listOf('kept heads')
      const { items, next } = await askPage(list, query, (asked) => seal.kept(asked))
      const told = items.map(({ log, size, note, publicKey, keptAt }) => ({
        log,
        size,
        note,
        publicKey,
        keptAt: writeInstant(keptAt),
      }))
      return writePage(list, told, next)
    },
  )
}

function serveConsistency(app: App, seal: SealQueries): void {
  app.get(
    '/v1/ledger/consistency',
    {
      schema: {
        tags,
        summary:
          'That the log of one head goes on from that of an earlier one (一致性证明; RFC 9162)',
        querystring: Closed({
          from: Size('Size of the earlier head'),
          until: Size('Size of the later one'),
          log: Log,
        }),
        response: {
          200: Closed({ from: Type.Integer(), until: Type.Integer(), hashes: Type.Array(Hash) }),
          ...problems([400, 404, 500, 503]),
        },
      },
    },
    async ({ query }, reply) => {
      const [from, until] = [Number(query.from), Number(query.until)]
      const hashes = await seal.consistency(from, until, query.log ?? 'journal')
      if (!hashes) return sendProblem(reply, complain('head-unknown', { from, until }))
      return reply.send({ from, until, hashes: hashes.map((hash) => hash.toBase64()) })
    },
  )
}

function serveProofs(app: App, seal: SealQueries): void {
  app.get(
    '/v1/ledger/proofs/:id',
    {
      schema: {
        tags,
        summary:
          'A receipt: that every row of a settlement is in the log of a signed head (包含性证明)',
        description:
          'Of each row SM3(0 ‖ leaf) and `hashes` give the root of the head (RFC 9162), the leaf has SM3(text) as its digest, and `text` is a line with ' +
          'the transfers, balances and running sums that were written and then the document itself.',
        params: Closed({ id: SettlementId }),
        response: {
          200: Closed({
            settlement: SettlementId,
            head: Head,
            keys: Type.Array(Key),
            rows: Type.Array(
              Closed({
                row: SettlementId,
                kind: Type.String(),
                position: Type.Integer(),
                leaf: Type.String({ description: 'The very text that was hashed' }),
                text: Type.String({
                  description: 'The very text that the digest in the leaf is of',
                }),
                hashes: Type.Array(Hash),
              }),
            ),
          }),
          ...problems([400, 404, 409, 500, 503]),
        },
      },
    },
    async (request, reply) => answerProofs(seal, request, reply),
  )
}

async function answerProofs(
  seal: SealQueries,
  request: FastifyRequest<{ Params: { id: string } }>,
  reply: FastifyReply,
) {
  const { id } = request.params
  const found = await seal.proofs(id)
  if (found === undefined)
    return sendProblem(reply, explain(refuse('settlement-unknown', { settlement: id })))
  if (found === 'not-sealed-yet')
    return sendProblem(reply, complain('not-sealed-yet', { settlement: id }))
  request.tellsOf = found.owners
  return reply.send({
    settlement: id,
    head: writeHead(found.head),
    keys: [...(await seal.keys())],
    rows: found.rows.map(({ hashes, position, ...row }) => ({
      ...row,
      position: Number(position),
      hashes: hashes.map((hash) => hash.toBase64()),
    })),
  })
}

/** Each reads the books through, in a snapshot of its own. */
const mostAtOnce = 2

function serveExport(app: App, seal: SealQueries): void {
  const downloads = new Downloads(app)
  app.get(
    '/v1/ledger/export',
    {
      schema: {
        tags,
        summary: 'An audit export (审计导出), to be verified offline by `npx jiesuan verify FILE`',
        description:
          'JSON Lines in one snapshot: every posting of some positions with all that it wrote, the hashes that were sealed, the signed heads, ' +
          'and rows that have no place. It goes on to the next head. An answer that breaks off has no last line.',
        querystring: Closed({
          from: Type.Optional(Size('First position; default 1')),
          until: Type.Optional(Size('Last position; default the last there is')),
          log: Log,
        }),
        produces: ['application/x-ndjson'],
        response: {
          200: { type: 'string', description: 'JSON Lines' },
          ...problems([400, 500, 503]),
        },
      },
    },
    async (request, reply) => {
      const { from, until, log = 'journal' } = request.query
      if (downloads.count >= mostAtOnce) return sendProblem(reply, complain('exports-full'))
      const over = downloads.begin(request, reply)
      const lines = seal.export({ from: numberOf(from), until: numberOf(until), log }, over)
      return reply
        .type('application/x-ndjson; charset=utf-8')
        .header('Content-Disposition', 'attachment; filename="jiesuan-audit.ndjson"')
        .send(bodyOf(chunksOf(lines), over) as unknown as string)
    },
  )
}

const numberOf = (text: string | undefined): number | undefined =>
  text === undefined ? undefined : Number(text)

const chunk = 64 * 1024

/** A line at a time would be a packet at a time. */
async function* chunksOf(lines: AsyncIterable<string>): AsyncGenerator<string> {
  let text = ''
  for await (const line of lines) {
    text += `${line}\n`
    if (text.length < chunk) continue
    yield text
    text = ''
  }
  yield text
}
