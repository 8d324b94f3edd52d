type ArgumentsOf<Asked> = Asked extends (...args: infer Arguments) => unknown ? Arguments : never
type AnswerOf<Asked> = Asked extends (...args: never) => infer Answer ? Awaited<Answer> : never

/** One end of the channel between two processes: `process` in one, a child in the other. */
interface Channel {
  send?(message: unknown, sent: (error: Error | null) => void): unknown
  on(event: 'message', listener: (message: unknown) => void): unknown
  once(event: 'disconnect', listener: () => void): unknown
}

type Message =
  | { readonly call: number; readonly name: string; readonly args: readonly unknown[] }
  | { readonly answer: number; readonly value?: unknown; readonly wrong?: string }

interface Waiting {
  readonly resolve: (value: unknown) => void
  readonly reject: (error: Error) => void
}

/** Functions of another process, called by name (进程间调用). */
export interface Calls<Theirs extends object> {
  /** Fails where the other end fails, and where it is gone before it has answered. */
  call<Name extends keyof Theirs & string>(
    name: Name,
    ...args: ArgumentsOf<Theirs[Name]>
  ): Promise<AnswerOf<Theirs[Name]>>
}

/** Lets both ends of a channel call each other's functions. Of what goes wrong only the message crosses it. */
export function openCalls<Theirs extends object>(channel: Channel, ours: object): Calls<Theirs> {
  const waiting = new Map<number, Waiting>()
  let calls = 0
  const fail = (number: number, error: Error): void => {
    waiting.get(number)?.reject(error)
    waiting.delete(number)
  }
  const post = (message: Message, failed: (error: Error) => void): void => {
    if (!channel.send) return failed(new Error('there is no channel'))
    channel.send(message, (error) => error && failed(error))
  }
  channel.on('message', (received) => {
    const message = received as Message
    if ('call' in message) void answer(message, ours).then((told) => post(told, () => {}))
    else if (message.wrong !== undefined) fail(message.answer, new Error(message.wrong))
    else {
      waiting.get(message.answer)?.resolve(message.value)
      waiting.delete(message.answer)
    }
  })
  channel.once('disconnect', () => {
    for (const number of waiting.keys()) fail(number, new Error('the other process has ended'))
  })
  return {
    call: (name, ...args) =>
      new Promise((resolve, reject) => {
        const call = ++calls
        waiting.set(call, { resolve: (value) => resolve(value as never), reject })
        post({ call, name, args }, (error) => fail(call, error))
      }),
  }
}

async function answer(
  { call, name, args }: Extract<Message, { call: number }>,
  ours: object,
): Promise<Message> {
  try {
    const asked = (ours as Record<string, (...args: readonly unknown[]) => unknown>)[name]
    return { answer: call, value: await asked?.(...args) }
  } catch (error) {
    return { answer: call, wrong: error instanceof Error ? error.message : String(error) }
  }
}
