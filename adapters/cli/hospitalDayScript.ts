/** How much happens: outpatient visits (门诊), stays (住院) and pharmacy sales (购药). */
export interface DaySize {
  readonly visits: number
  readonly stays: number
  readonly sales: number
}

/** A time-out: the answer is lost, the message never leaves, or nobody waits for the answer. */
export type Fault = 'lost' | 'unsent' | 'hasty'

/** Where in a course a time-out strikes: its admission, its settlement, or the cancellation of that. */
export interface Struck {
  readonly at: 'admission' | 'settlement' | 'cancellation'
  readonly how: Fault
}

/** An item, how many of it, and the price of one in fen. */
export type Piece = readonly [item: string, quantity: number, fen: number]

interface Usual {
  /** The person's key in the sandbox world. */
  readonly who: string
  readonly useAccount: boolean
  readonly struck?: Struck | undefined
  /** Cancelled in the end: for good, or to be settled again. */
  readonly cancelled?: 'forGood' | 'settledAgain' | undefined
}

export interface Visit extends Usual {
  readonly kind: 'visit'
  readonly medType: string
  readonly disease?: { readonly code: string; readonly name: string } | undefined
  readonly diagnosis: { readonly code: string; readonly name: string }
  /** Lines by the batch (收费批次) that they are charged in: one upload each, one settlement for each batch. */
  readonly batches: readonly (readonly Piece[])[]
  readonly byCard: boolean
  /** The lines are first uploaded wrongly, and all taken back (2205, 0000). */
  readonly takenBack: boolean
  /** A settlement off by one fen comes first, and must be refused. */
  readonly offByOne: boolean
}

export interface Stay extends Usual {
  readonly kind: 'stay'
  readonly medType: string
  readonly diagnosis: { readonly code: string; readonly name: string }
  /** What is uploaded before each settlement: all but the last are interim (中途结算). */
  readonly parts: readonly (readonly (readonly Piece[])[])[]
  readonly birth: boolean
  /** Begins and ends on the day itself: a person's stays may not overlap, and only the first is longer. */
  readonly withinDay: boolean
}

export interface Sale extends Usual {
  readonly kind: 'sale'
  readonly pieces: readonly Piece[]
  readonly prescribed: boolean
  /** How many traced packages (药品追溯码) it hands out. */
  readonly packages: number
}

export type Course = Visit | Stay | Sale

/** Numbers that look drawn and are the same for the same seed (mulberry32). */
export function createDraw(seed: number) {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const between = (least: number, most: number): number =>
    least + Math.floor(next() * (most - least + 1))
  return {
    between,
    /** True once in so many times. */
    oneIn: (times: number): boolean => between(1, times) === 1,
    pick: <T>(from: readonly T[]): T => from[between(0, from.length - 1)] as T,
    /** The same things in another order. */
    shuffled<T>(things: readonly T[]): T[] {
      const left = [...things]
      return things.map(() => left.splice(between(0, left.length - 1), 1)[0] as T)
    },
  }
}

export type Draw = ReturnType<typeof createDraw>

/** Everybody of the world that a hospital of Chengdu may settle for. */
const everybody = 'E1 E2 R1 R2 C1 W1 M1 U1 P1 L1 A1 D1 Y1 Y2 O1 X1 X2 X3 X4 X5 X6 X7 X8'.split(' ')
/** Those of the city: the pharmacy has no contract for others. */
const ofTheCity = everybody.filter((who) => !who.startsWith('Y'))
/** Of those the ones whose card is good. */
const withCard = new Set('E1 E2 R1 R2 C1 U1 P1 L1 A1 D1 Y1 O1 X6 X8'.split(' '))
/** [item, least fen, most fen] of things that are done or given in a clinic. */
const clinic = [
  ['001101000010000', 1200, 1200],
  ['001101000020000', 2500, 2500],
  ['002501010010000', 2000, 2000],
  ['002102000010000', 6000, 6000],
  ['002103000010000', 21_000, 23_000],
  ['002104000010000', 48_000, 52_000],
  ['002203010010000', 12_000, 12_000],
  ['XC08CAA101A001010100002', 2850, 2850],
  ['XC09CAV001A001010100003', 452, 3240],
  ['XJ01CAA040A001010100010', 1560, 1560],
  ['XM01AEB001A001010100014', 2200, 2233],
  ['XN02BEB001A001010100013', 860, 860],
  ['XA11GAV001A001010100024', 980, 980],
  ['ZA12HAX003010100103', 3500, 3500],
  ['C0101010010100000001', 650, 650],
] as const
const ward = [
  ['001102000010000', 5000, 5000],
  ['001101000030000', 2000, 2000],
  ['001201000020000', 2800, 2800],
  ['XJ01DDC001B001010100011', 4280, 4280],
  ['XN01AHR001B001010100015', 8500, 8500],
  ['003311000010000', 126_000, 126_000],
  ['003206000010000', 300_000, 300_000],
  ['C0201010010100000002', 78_000, 80_000],
  ['002103000010000', 21_000, 21_000],
  ['002203010010000', 12_000, 12_000],
  ['C0101010010100000001', 650, 650],
  ['001109000010000', 6000, 6000],
] as const
/** What every fund pays for: injuries and births have catalogues of their own. */
const forAll = [
  ['001101000010000', 1200, 1200],
  ['002501010010000', 2000, 2000],
  ['XN02BEB001A001010100013', 860, 8600],
] as const
const chronic = [
  ['XC09AAD099A001010100001', 1850, 1900],
  ['XC09CAV001A001010100003', 3240, 3240],
  ['XC08CAA101A001010100002', 2850, 2850],
] as const
const overTheCounter = [
  ['ZA01AAG001010100101', 1800, 1800],
  ['XM01AEB001A001010100014', 2200, 2200],
  ['XN02BEB001A001010100013', 860, 860],
] as const

type Menu = readonly (readonly [item: string, least: number, most: number])[]

const hypertension = { code: 'I10.x00', name: '原发性高血压' }
const fracture = { code: 'S52.500', name: '桡骨下端骨折' }

/** One day of a hospital and a pharmacy: the same for the same seed and size. */
export function writeScript(size: DaySize, seed: number): Course[] {
  const draw = createDraw(seed)
  const times = <T>(count: number, of: (i: number) => T): T[] =>
    Array.from({ length: count }, (_, i) => of(i))
  const lain = new Set<string>()
  const writeNext = (i: number): Stay => {
    const stay = writeStay(draw, i)
    const withinDay = lain.has(stay.who)
    lain.add(stay.who)
    return { ...stay, withinDay }
  }
  const courses: Course[] = [
    ...times(size.visits, (i) => writeVisit(draw, i)),
    ...times(size.stays, writeNext),
    ...times(size.sales, (i) => writeSale(draw, i)),
  ]
  return draw.shuffled(courses)
}

const choose = (draw: Draw, menu: Menu, lines: number, most: number): Piece[] =>
  Array.from({ length: lines }, () => {
    const [item, least, dearest] = draw.pick(menu)
    return [item, draw.between(1, most), draw.between(least, dearest)] as const
  })

const faults = ['lost', 'unsent', 'hasty'] as const

/** Every seventh is struck, the places and the ways in turn, so that a short day has them as well. */
function usual(draw: Draw, i: number, struckAt: readonly Struck['at'][], first: number) {
  const turn = Math.floor(i / 7)
  const at = struckAt[turn % struckAt.length] as Struck['at']
  const how = faults[(first + turn + Math.floor(i / 21)) % faults.length] as Fault
  const struck: Struck | undefined = i % 7 === 1 ? { at, how } : undefined
  const needs = struck?.at === 'cancellation'
  const cancelled =
    needs || i % 9 === 2 ? draw.pick(['forGood', 'settledAgain'] as const) : undefined
  return { useAccount: !draw.oneIn(5), struck, cancelled }
}

/** Kinds of care that only some people have, in turn with care that anybody has. */
const special = [
  { who: 'E2', medType: '140104', disease: { code: 'M03900', name: '高血压' }, menu: chronic },
  { who: 'W1', medType: '71', diagnosis: fracture, menu: forAll },
  { who: 'M1', medType: '51', menu: forAll },
  { who: 'C1', medType: '11', menu: clinic },
] as const

function writeVisit(draw: Draw, i: number): Visit {
  const chosen = i % 3 === 0 ? special[(i / 3) % special.length] : undefined
  const who = chosen?.who ?? draw.pick(everybody)
  const menu = chosen?.menu ?? clinic
  const medType = chosen?.medType ?? draw.pick(['11', '11', '11', '13'])
  return {
    kind: 'visit',
    who,
    medType,
    disease: chosen && 'disease' in chosen ? chosen.disease : undefined,
    diagnosis: chosen && 'diagnosis' in chosen ? chosen.diagnosis : hypertension,
    batches: Array.from({ length: draw.pick([1, 1, 1, 2]) }, () =>
      choose(draw, menu, draw.between(1, 4), 3),
    ),
    byCard: withCard.has(who) && draw.oneIn(3),
    takenBack: i % 8 === 3,
    offByOne: i % 10 === 4,
    ...usual(draw, i, ['settlement', 'cancellation'], 0),
  }
}

function writeStay(draw: Draw, i: number): Omit<Stay, 'withinDay'> {
  const kind = i % 5 === 3 ? 'injury' : i === 4 ? 'birth' : 'illness'
  const who = {
    injury: 'W1',
    birth: 'M1',
    illness: everybody[(i * 5) % everybody.length] as string,
  }[kind]
  const menu = kind === 'illness' ? ward : forAll
  const parts = kind === 'birth' ? 1 : draw.pick([2, 2, 3])
  return {
    kind: 'stay',
    who,
    medType: { injury: '72', birth: '52', illness: draw.pick(['21', '21', '24']) }[kind],
    diagnosis: kind === 'injury' ? fracture : hypertension,
    parts: Array.from({ length: parts }, () =>
      Array.from({ length: draw.between(1, 3) }, () => choose(draw, menu, draw.between(2, 5), 6)),
    ),
    birth: kind === 'birth',
    ...usual(draw, i, ['admission', 'settlement', 'cancellation'], 1),
  }
}

function writeSale(draw: Draw, i: number): Sale {
  const who = draw.pick(ofTheCity)
  // Only an account pays without a prescription, and a retired cadre (L1) has none.
  const prescribed = i % 3 !== 0 || who === 'L1'
  return {
    kind: 'sale',
    who,
    pieces: choose(draw, prescribed ? chronic : overTheCounter, draw.between(1, 3), 2),
    prescribed,
    packages: draw.between(0, 2),
    ...usual(draw, i, ['settlement', 'cancellation'], 2),
  }
}
