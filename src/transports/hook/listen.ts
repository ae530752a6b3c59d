import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { Instance } from '../../operations/instance.ts'
import { type HookPlace, socketPath } from './address.ts'
import { type Asked, answerHook } from './answer.ts'

/** Listens for hooks while a server runs: one that asks it need not open the database itself. */
export interface HookListener {
  close(): void
}

interface ListenOptions {
  readonly app: Instance
  readonly place: HookPlace
  readonly pid: number
  readonly ppid: number
  /** The agent that this server's calls are made as, and whether it belongs to the session of a question. */
  readonly link?: ((asked: Asked) => string | undefined) | undefined
  /** Told of each question. */
  readonly onQuestion?: () => void
}

/** What a payload with a whole file in it may have. */
const MOST_BYTES = 64 * 1024 * 1024

/** Undefined where no socket can be made: hooks do their work without. */
export async function listenForHooks(options: ListenOptions): Promise<HookListener | undefined> {
  const { place, pid, ppid } = options
  const path = socketPath(place, { pid, ppid })
  if (path === undefined) return undefined
  const server = createServer({ allowHalfOpen: true }, (socket) => void serve(socket, options))
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    removeLeft(dirname(path))
    await listening(server, path)
  } catch {
    return undefined
  }
  server.on('error', () => {})
  server.unref()
  return {
    close() {
      server.close()
      rmSync(path, { force: true })
    },
  }
}

/** Sockets of processes that were killed. */
function removeLeft(folder: string): void {
  for (const name of readdirSync(folder)) {
    const pid = Number(/-(\d+)\.sock$/.exec(name)?.[1])
    if (pid > 0 && !isAlive(pid)) rmSync(join(folder, name), { force: true })
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

function listening(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(path, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

async function serve(socket: Socket, { app, link, onQuestion }: ListenOptions): Promise<void> {
  socket.on('error', () => {})
  onQuestion?.()
  try {
    const question = await whole(socket)
    socket.end(JSON.stringify(await answerHook(app, JSON.parse(question), link)))
  } catch {
    // No answer: the hook does the work itself.
    socket.destroy()
  }
}

async function whole(socket: Socket): Promise<string> {
  let bytes = 0
  socket.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes > MOST_BYTES) socket.destroy(new Error('too long'))
  })
  return text(socket)
}
