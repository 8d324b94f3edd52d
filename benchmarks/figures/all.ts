import type { Figure } from '../figure.ts'
import { acrossRegions } from './acrossRegions.ts'
import { alone } from './alone.ts'
import { auditing } from './auditing.ts'
import { cityDay } from './day.ts'
import { dayEnd } from './dayEnd.ts'
import { growth } from './growth.ts'
import { hotAccounts } from './hotAccounts.ts'
import { latency } from './latency.ts'
import { otherLedgers } from './peers.ts'
import { quickBesideUpload } from './quickBesideUpload.ts'
import { settling } from './settling.ts'
import { soak } from './soak.ts'
import { splitAlone } from './splitAlone.ts'

/** In the order of the method. */
export const figures: readonly Figure[] = [
  settling,
  hotAccounts,
  latency,
  alone,
  growth,
  quickBesideUpload,
  acrossRegions,
  splitAlone,
  auditing,
  dayEnd,
  cityDay,
  soak,
  otherLedgers,
]
