import type { FastifyInstance } from 'fastify'

export const headPath = '/region/v1/head'

/** What a region tells of its log to whoever keeps its heads (日志头见证). */
export interface ToldHead {
  /** The newest head, a signed text. */
  readonly note: string
  /** The keys of the log, the first one as it was and later ones with what the one before says of each. */
  readonly keys: readonly {
    readonly name: string
    readonly publicKey: string
    readonly since: number
    readonly note?: string
  }[]
  /** That it goes on from the head of the size that was asked about, in base64. */
  readonly hashes: readonly string[]
}

/** Undefined where nothing is sealed, or no head of that size is known. */
export type TellHead = (since: number) => Promise<ToldHead | undefined>

const sizeForm = /^(0|[1-9]\d{0,14})$/

/** Serves the newest head to whoever asks: it is signed, and says how many postings there are and nothing of them. */
export async function serveHead(app: FastifyInstance, tell: TellHead): Promise<void> {
  app.get(
    headPath,
    {
      schema: {
        tags: ['regions'],
        summary: 'The newest head of the journal’s log, to be kept by other regions',
        description:
          'With `since`, the size of a head that was kept, also the proof that the log goes on from it (RFC 9162). 404 where nothing is sealed or that head is not known.',
        querystring: {
          type: 'object',
          properties: { since: { type: 'string', pattern: sizeForm.source } },
        },
      },
    },
    async (request, reply) => {
      const { since = '0' } = request.query as { readonly since?: string }
      const told = sizeForm.test(since) ? await tell(Number(since)) : undefined
      return told ? reply.send(told) : reply.code(404).send({ code: 'head-unknown' })
    },
  )
}
