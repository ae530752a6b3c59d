const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
const PARENT_CHECK_MS = 1_000

/** Resolves with the reason why this process should end: a signal, or the program that started it is gone. */
export function processEnd(): Promise<string> {
  return new Promise((resolve) => {
    // Once: a second signal ends the process at once.
    for (const signal of SIGNALS) process.once(signal, () => resolve(signal))
    const parent = process.ppid
    // The closed pipe says the same, unless another process still holds its other end.
    setInterval(() => {
      if (process.ppid !== parent) resolve('parent gone')
    }, PARENT_CHECK_MS).unref()
  })
}
