import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { readAhead } from '../../../adapters/http/lines.ts'

async function* numbers(until: number, taken: number[]): AsyncGenerator<number> {
  for (let i = 1; i <= until; i++) {
    taken.push(i)
    yield i
  }
}

test('a source is taken in whole while its first line is still being worked on', async () => {
  const taken: number[] = []
  const lines = readAhead(numbers(100, taken))
  expect((await lines.next()).value).toBe(1)
  await sleep(5)
  expect(taken).toHaveLength(100)
  const rest: number[] = []
  for await (const one of lines) rest.push(one)
  expect(rest).toEqual(taken.slice(1))
})

test('what came before a failure is given, and then the failure', async () => {
  async function* broken(): AsyncGenerator<number> {
    yield 1
    await sleep(1)
    yield 2
    throw new Error('cut off')
  }
  const got: number[] = []
  const read = async (): Promise<void> => {
    for await (const one of readAhead(broken())) got.push(one)
  }
  await expect(read()).rejects.toThrow('cut off')
  expect(got).toEqual([1, 2])
})
