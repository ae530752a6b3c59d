import { existsSync } from 'node:fs'
import type { Config } from '../../config.ts'
import type { Instance } from '../../operations/instance.ts'
import { type HookPlace, socketPath, socketsAt } from './address.ts'
import { listenForHooks } from './listen.ts'

/** Without a question for so long it ends: the next hook starts another one. */
const IDLE_MS = 60_000
const LOOK_MS = 1_000

/**
 * Answers hooks from a process that a hook has started, where no server of the client is there to do so. It holds nothing: locks
 * that hooks took run on without it. The exit code.
 */
export async function serveHooks(
  config: Config,
  place: HookPlace,
  { openApp, process }: { openApp: (config: Config) => Promise<Instance>; process: NodeJS.Process },
): Promise<number> {
  const own = { pid: process.pid, ppid: process.ppid }
  const path = socketPath(place, own)
  if (path === undefined || socketsAt(place, undefined).length > 0) return 0
  const app = await openApp({ ...config, logLevel: 'silent' })
  let last = performance.now()
  const listener = await listenForHooks({
    app,
    place,
    ...own,
    onQuestion: () => {
      last = performance.now()
    },
  })
  const ended = Promise.withResolvers<void>()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => ended.resolve())
  // Its folder may be taken away: then no hook can reach it any more.
  const isOver = () => performance.now() - last > IDLE_MS || !existsSync(path) || !existsSync(place.dataDir)
  const timer = setInterval(() => {
    if (isOver()) ended.resolve()
  }, LOOK_MS)
  if (listener) await ended.promise
  clearInterval(timer)
  listener?.close()
  await app.close()
  return 0
}
