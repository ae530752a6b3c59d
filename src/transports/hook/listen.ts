import { readdirSync, rmSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { makeFolder } from '../../make-folder.ts'
import type { Instance } from '../../operations/instance.ts'
import { type HookPlace, socketPath } from './address.ts'
import { type Asked, answerHook } from './answer.ts'
import type { HookReply } from './ask.ts'

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
  /** Called for each question. */
  readonly onQuestion?: () => void
}

/** What a payload with a whole file in it may have. */
const MOST_BYTES = 64 * 1024 * 1024

/** Undefined where no socket can be made: hooks do their work without. */
export async function listenForHooks(options: ListenOptions): Promise<HookListener | undefined> {
  const { place, pid, ppid } = options
  const path = socketPath(place, { pid, ppid })
  if (path === undefined) return undefined
  const answer = (question: unknown) => {
    options.onQuestion?.()
    return answerHook(options.app, question, options.link)
  }
  const server = createServer({ allowHalfOpen: true }, (socket) => serve(socket, { path, answer }))
  try {
    makeFolder(dirname(path))
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
    const pid = Number(/^hook-.*-(\d+)\.sock$/.exec(name)?.[1])
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

interface Serving {
  readonly path: string
  readonly answer: (question: unknown) => Promise<HookReply>
}

/** Our small program sends JSON; the shell's curl can only ask over HTTP. */
function serve(socket: Socket, serving: Serving): void {
  socket.on('error', () => {})
  socket.once('data', (first: Buffer) => {
    socket.pause()
    socket.unshift(first)
    void (first.toString('latin1', 0, 1) === 'P' ? serveShell(socket, serving) : serveJson(socket, serving))
  })
}

async function serveShell(socket: Socket, { path, answer }: Serving): Promise<void> {
  const { shellServer } = await import('./shell.ts')
  shellServer(path, answer).emit('connection', socket)
  socket.resume()
}

async function serveJson(socket: Socket, { answer }: Serving): Promise<void> {
  try {
    socket.end(JSON.stringify(await answer(JSON.parse(await whole(socket)))))
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
