/** Shorter than a test may take, so that the message is seen; as long as vitest's `expect.poll`. */
const PATIENCE_MS = 150_000
/** Between two questions: soon again at first, later on a twentieth of what has been waited. */
const BETWEEN_MS = { least: 5, most: 100 }

// Taken here, before a test fakes the time: the patience is the real one.
const { setTimeout: wait, clearTimeout: stop } = globalThis
const now = performance.now.bind(performance)

/** What the work gives, or an error that says what was waited for in vain. */
export async function within<T>(what: string, work: PromiseLike<T> | T, ms = PATIENCE_MS): Promise<T> {
  const late = new Error(`after ${ms} ms still waiting: ${what}`)
  const { promise, reject } = Promise.withResolvers<never>()
  const timer = wait(() => reject(late), ms)
  return Promise.race([work, promise]).finally(() => stop(timer))
}

type Falsy = false | null | undefined

/** Asks again and again until there is an answer, and gives it: what happens next takes as long as it takes. */
export async function until<T>(
  what: string,
  ask: () => Promise<T | Falsy> | T | Falsy,
  ms = PATIENCE_MS,
): Promise<T> {
  let isOver = false
  const began = now()
  const pause = () => Math.min(BETWEEN_MS.most, Math.max(BETWEEN_MS.least, (now() - began) / 20))
  const poll = async (): Promise<T> => {
    for (;;) {
      const answer = await ask()
      if (answer !== false && answer !== null && answer !== undefined) return answer
      if (isOver) throw new Error('nobody waits any more')
      await new Promise((resolve) => wait(resolve, pause()))
    }
  }
  return within(what, poll(), ms).finally(() => {
    isOver = true
  })
}
