// What a thread of the verify pool runs. Node strips the types here as it does on the main thread.
import { workerData } from 'piscina'
import { type CardRoots, type ChipSignature, verifyChipSignature } from './chip.ts'

export default (chip: ChipSignature): ReturnType<typeof verifyChipSignature> =>
  verifyChipSignature(chip, workerData as CardRoots)
