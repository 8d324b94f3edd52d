/** Has this done when the process ends before it is called off: nothing that it started outlives it. */
export function atExit(action: () => void): () => void {
  process.on('exit', action)
  return () => process.off('exit', action)
}

/** Whoever is told to stop ends as if its work were done, so that all this is done. */
export function exitOnSignal(): void {
  process.once('SIGINT', () => process.exit(130))
  process.once('SIGTERM', () => process.exit(143))
}
