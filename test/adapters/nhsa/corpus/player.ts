import { nextMsgid } from '../envelopes.ts'
import { openServed, type Reply, type Served } from '../served.ts'
import { crowdedRules, type Patient } from './crowd.ts'
import { changed, fill, messages, type Step } from './messages.ts'

type Json = Record<string, unknown>

/** A patient's way through the corpus so far, and the words that it gave. */
export interface Scene {
  readonly words: Map<string, unknown>
}

/** The whole server with a crowd, and whoever plays the messages of the corpus to it. */
export async function openTheatre(size: number) {
  const { rules, crowd, end } = crowdedRules(size)
  const served = await openServed({ RULES_DIR: rules })
  const stage = { served, next: patients(crowd) }
  return {
    served,
    /** A patient of whom nothing is known. */
    newcomer: (): Scene => newcomer(stage),
    /** Everything that goes before a message of the corpus, with a patient of its own. */
    play: (after: readonly (string | Step)[]): Promise<Scene> => play(stage, after),
    close: async (): Promise<void> => {
      await served.close()
      end()
    },
  }
}

export type Theatre = Awaited<ReturnType<typeof openTheatre>>

interface Stage {
  readonly served: Served
  readonly next: () => readonly [Patient, Patient, number]
}

/** Two at a time: the patient, and somebody else. Who was met already comes again when everybody was. */
function patients(crowd: readonly Patient[]) {
  let used = 0
  return (): readonly [Patient, Patient, number] => {
    const one = crowd[used % (crowd.length - 1)] as Patient
    used += 1
    return [one, crowd.at(-1) as Patient, used]
  }
}

function newcomer({ next }: Stage): Scene {
  const [one, other, number] = next()
  const words = new Map<string, unknown>([
    ...Object.entries(one),
    ...Object.entries(other).map(([name, value]) => [`other.${name}`, value] as const),
    ['unique', String(number).padStart(6, '0')],
  ])
  return { words }
}

async function play(stage: Stage, after: readonly (string | Step)[]): Promise<Scene> {
  const scene = newcomer(stage)
  for (const each of after) {
    const step = typeof each === 'string' ? { infno: each } : each
    await playStep(stage.served, step, scene.words)
  }
  return scene
}

async function playStep(served: Served, step: Step, words: Map<string, unknown>): Promise<void> {
  const { infno, change } = step
  const known = messages.get(infno)
  if (!known) throw new Error(`there is no message of ${infno}`)
  const institution = step.institution ?? known.institution
  const input = fill(changed(known.good, change), words)
  const msgid = nextMsgid(institution)
  const reply = await served.send(infno, input, { msgid, ...(institution && { institution }) })
  if (reply.infcode !== 0) throw new Error(`${infno} was refused: ${reply.err_msg ?? reply.text}`)
  words.set(`msgid:${infno}`, msgid)
  learn(reply.output, infno, words)
}

/** What was answered is known to whoever asks later. The patient's own words stay as they are; every other field is known by its name and by who answered it. */
export function learn(output: unknown, infno: string, words: Map<string, unknown>): void {
  if (typeof output !== 'object' || output === null) return
  for (const [name, value] of Object.entries(output as Json)) {
    learn(value, infno, words)
    if (typeof value === 'object' || ['psn_no', 'certno', 'psn_name'].includes(name)) continue
    words.set(name, value)
    words.set(`${name}:${infno}`, value)
  }
}

/** Sends an input as the institution of the corpus, or another, would. */
export const sendAs = (
  { served }: Pick<Theatre, 'served'>,
  infno: string,
  input: unknown,
  institution: string | undefined,
  msgid?: string,
): Promise<Reply> =>
  served.send(infno, input, { ...(institution && { institution }), ...(msgid && { msgid }) })
