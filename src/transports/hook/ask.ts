import { rmSync } from 'node:fs'
import { connect } from 'node:net'

// Also in the small program that a hook is: nothing heavy may be imported here.

/** What a hook's process hands on. */
export interface HookQuestion {
  readonly client: string | undefined
  readonly event: string | undefined
  readonly payload: string
  readonly cwd: string
  readonly project_dir: string | undefined
  readonly fail_closed: boolean
  /** The client's process, where the client says so. */
  readonly client_pid: number | undefined
}

export interface HookReply {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** One that is frozen accepts a connection all the same. */
const ANSWER_MS = 3_000

/** The first answer of these sockets; undefined where none of them has one. */
export async function askOneOf(
  sockets: readonly string[],
  question: HookQuestion,
): Promise<HookReply | undefined> {
  for (const socket of sockets) {
    const reply = await ask(socket, question)
    if (reply) return reply
  }
  return undefined
}

function ask(socket: string, question: HookQuestion): Promise<HookReply | undefined> {
  return new Promise((resolve) => {
    let answer = ''
    const connection = connect(socket)
    const end = (reply: HookReply | undefined) => {
      connection.destroy()
      resolve(reply)
    }
    connection.setTimeout(ANSWER_MS, () => end(undefined))
    connection.on('error', (error: NodeJS.ErrnoException) => {
      // Left behind by a server that was killed.
      if (error.code === 'ECONNREFUSED') rmSync(socket, { force: true })
      end(undefined)
    })
    connection.on('data', (chunk) => {
      answer += chunk.toString()
    })
    connection.on('end', () => end(replyIn(answer)))
    connection.end(`${JSON.stringify(question)}\n`)
  })
}

function replyIn(text: string): HookReply | undefined {
  try {
    const { code, stdout, stderr } = JSON.parse(text) as Partial<HookReply>
    const isWhole = typeof code === 'number' && typeof stdout === 'string' && typeof stderr === 'string'
    return isWhole ? { code, stdout, stderr } : undefined
  } catch {
    return undefined
  }
}
