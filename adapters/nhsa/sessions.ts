import type { Kept, Subject } from '../../engine/dossier.ts'
import type { DossierQueries } from './needs.ts'

/** What is kept of one sign-in (签到, sign_no) of an institution. */
export const sessionSubject = (institution: string, signNo: string): Subject => ({
  owner: `institution:${institution}`,
  name: `session ${signNo}`,
})

/** Signed in and not signed out yet. */
export const isOpen = (kept: readonly Kept[]): boolean =>
  kept[0]?.kind === 'signed-in' && kept.every(({ kind }) => kind !== 'signed-out')

const remembered_ms = 10_000
const mostRemembered = 10_000

/** Which sign-ins are open, remembered for a moment so that not every request reads them. */
export interface Sessions {
  isOpen(institution: string, signNo: string): Promise<boolean>
  /** To be called before and after a sign-out: from then on this process asks again, and those that serve with it. */
  forget(): Promise<void>
}

/** Processes that serve with this one: whoever signs out of one has signed out of all. */
export interface SignOuts {
  tell(): Promise<void>
  hear(listener: () => void): void
}

/**
 * Only open ones are remembered: a sign-in counts at once everywhere, and a sign-out at once in the processes of this machine
 * that serve together, and within seconds in others.
 */
export function rememberSessions(
  dossiers: Pick<DossierQueries, 'read'>,
  now: () => number = () => performance.now(),
  elsewhere?: SignOuts,
): Sessions {
  const openUntil = new Map<string, number>()
  let forgotten = 0
  const forget = (): void => {
    forgotten += 1
    openUntil.clear()
  }
  elsewhere?.hear(forget)
  return {
    async isOpen(institution, signNo) {
      const subject = sessionSubject(institution, signNo)
      const name = `${subject.owner} ${subject.name}`
      if ((openUntil.get(name) ?? 0) > now()) return true
      const before = forgotten
      const open = isOpen(await dossiers.read(subject))
      // What was read before a sign-out says nothing about the time after it.
      if (!open || before !== forgotten) return open
      if (openUntil.size >= mostRemembered) openUntil.clear()
      openUntil.set(name, now() + remembered_ms)
      return true
    },
    async forget() {
      forget()
      await elsewhere?.tell()
    },
  }
}
