import { type Day, dayAfter, isDay, monthOf } from './day.ts'

/** How long a window of clearing is (清算周期). */
export const windowKinds = ['day', 'month'] as const
export type WindowKind = (typeof windowKinds)[number]

/** A window (清算期): whatever was posted until its last day and is in no earlier one. */
export interface Window {
  readonly kind: WindowKind
  /** 2026-03-02 or 2026-03 (清算年月, setlym). */
  readonly name: string
  readonly from: Day
  readonly until: Day
}

export function windowOf(kind: WindowKind, on: Day): Window {
  if (kind === 'day') return { kind, name: on, from: on, until: on }
  const name = monthOf(on)
  const from = `${name}-01` as Day
  let until = `${name}-28` as Day
  while (monthOf(dayAfter(until)) === name) until = dayAfter(until)
  return { kind, name, from, until }
}

/** The window of a name, or undefined where it names none. */
export function windowNamed(name: string): Window | undefined {
  if (isDay(name)) return windowOf('day', name)
  const first = `${name}-01`
  return isDay(first) ? windowOf('month', first) : undefined
}

export const windowAfter = ({ kind, until }: Window): Window => windowOf(kind, dayAfter(until))
