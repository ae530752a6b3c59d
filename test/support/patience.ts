/** At least as many times slower as a machine may be. */
const SLOWER = 20
/** What is briefer is a pause, not a timeout. */
const LEAST_MS = 100

const PRELOADED = `
const { setTimeout: start, performance } = globalThis
const patient = (callback, ms, ...args) => start(callback, ms >= ${LEAST_MS} ? ${SLOWER} * ms : ms, ...args)
globalThis.setTimeout = Object.defineProperties(patient, Object.getOwnPropertyDescriptors(start))
const now = performance.now.bind(performance)
performance.now = () => now() / ${SLOWER}
`

/**
 * The environment of a program that gives nothing up for slowness: its monotonic clock and its timeouts are as slow as the slowest
 * machine. For tests in which no timeout of it is to be met.
 */
export const PATIENT: Readonly<Record<string, string>> = {
  NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(PRELOADED)}`,
}
