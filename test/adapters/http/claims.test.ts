import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { goodClaim } from './desk.ts'
import {
  codes,
  days,
  decimals,
  amounts,
  flags,
  notAmounts,
  notCodes,
  notDays,
  notDecimals,
  objects,
  required,
  words,
} from './wrong.ts'
import { openStrictDoor, refusal, withValue } from './strict.ts'

let door: Awaited<ReturnType<typeof openStrictDoor>>
let post: typeof door.post
let judge: typeof door.judge

beforeAll(async () => {
  door = await openStrictDoor()
  ;({ post, judge } = door)
})
afterAll(() => door.app.close())

describe('a claim with one field wrong', () => {
  test('the claim is good as it stands', async () => {
    expect((await post(goodClaim)).statusCode).toBe(201)
    expect((await post(goodClaim, {}, '/v1/settlements/preview')).statusCode).toBe(200)
  })

  test.each(required)('%s missing is refused by name', async (path) => {
    expect(judge(await post(withValue(path, undefined)))).toMatchObject(
      refusal(400, 'field-invalid', `/${path}`),
    )
  })

  const wrong = [
    ...amounts.flatMap((path) => notAmounts.map((value) => [path, value] as const)),
    ...decimals.flatMap((path) => notDecimals.map((value) => [path, value] as const)),
    ...days.flatMap((path) => notDays.map((value) => [path, value] as const)),
    ...codes.flatMap((path) => notCodes.map((value) => [path, value] as const)),
    ...flags.flatMap((path) => [0, 1, 'true', null, '', []].map((value) => [path, value] as const)),
    ...words.flatMap((path) =>
      ['', 'x', 1, null, 'Employee', 'constructor', '__proto__'].map(
        (value) => [path, value] as const,
      ),
    ),
    ...objects.flatMap((path) => ['', 1, null, [], true].map((value) => [path, value] as const)),
    ...[0, -1, 10, 1.5, '1', null].map((value) => ['maternity/fetuses', value] as const),
    ...[null, {}, '', 'a'].map((value) => ['lines', value] as const),
    ['lines', []] as const,
    ['injury/diagnoses', []] as const,
    ['lines/0/quantity', '1.12345'] as const,
    ['lines/0/unitPrice', '12345678901'] as const,
  ]

  test.each(wrong)('%s = %j is refused by name', async (path, value) => {
    const told = await post(withValue(path, value))
    // An escaped NUL is refused by the reader, which names the field as well.
    const code =
      typeof value === 'string' && value.includes('\0') ? 'json-invalid' : 'field-invalid'
    expect(judge(told)).toMatchObject(refusal(400, code, `/${path}`))
  })

  test.each([
    '',
    'credential/',
    'stay/',
    'injury/',
    'externalInjury/',
    'maternity/',
    'prescription/',
    'lines/0/',
  ])('a field nobody knows in %s is refused by name', async (path) => {
    for (const name of ['extra', 'constructor', 'toString', 'fundTotal', 'state', 'Total'])
      expect(judge(await post(withValue(path + name, 'x')))).toMatchObject(
        refusal(400, 'field-invalid', `/${path}${name}`),
      )
  })

  test('every field of an answer posted back is refused: nobody sets their own split', async () => {
    const answer = (await post(goodClaim)).json() as Record<string, unknown>
    const own = new Set(Object.keys(goodClaim))
    for (const name of Object.keys(answer).filter((field) => !own.has(field)))
      expect(judge(await post({ ...goodClaim, [name]: answer[name] }))).toMatchObject(
        refusal(400, 'field-invalid', `/${name}`),
      )
  })
})
