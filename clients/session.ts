import { type ChildProcess, spawn } from 'node:child_process'
import type { CliClient, Start } from './agents/client.ts'
import { programOf } from './agents/install.ts'
import type { OfferedTool, ToolResult } from './model/dialect.ts'
import type { ScriptedModel } from './model/scripted-model.ts'
import type { Place } from './place.ts'

/** Nothing takes so long; a client that hangs is ended then. */
const DEADLINE_MS = 240_000
const MOST_KEPT = 4_000

interface SessionParts {
  readonly place: Place
  readonly model: ScriptedModel
  readonly start: Start
}

/** A client at work on one task, and the model that tells it what to do. */
export class Session {
  readonly client: CliClient
  readonly model: ScriptedModel
  readonly #child: ChildProcess
  readonly #timer: NodeJS.Timeout
  /** Its exit code, once it has ended. */
  readonly ended: Promise<number | null>
  /** The end of what it has written. */
  output = ''

  private constructor(client: CliClient, model: ScriptedModel, child: ChildProcess) {
    this.client = client
    this.model = model
    this.#child = child
    model.begin()
    this.#timer = setTimeout(() => this.#kill(), DEADLINE_MS)
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk: Buffer) => {
        this.output = `${this.output}${chunk}`.slice(-MOST_KEPT)
      })
    this.ended = new Promise((resolve) => {
      child.once('error', (error) => {
        this.output += String(error)
      })
      child.once('close', (code) => {
        clearTimeout(this.#timer)
        model.end(`${client.title} ended with ${code}: ${this.output.slice(-600)}`)
        resolve(code)
      })
    })
  }

  static start(client: CliClient, { place, model, start: { args, env } }: SessionParts): Session {
    const child = spawn(programOf(client), args, {
      cwd: place.project,
      env: { ...place.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      // A group of its own, so that what it started ends with it.
      detached: true,
    })
    return new Session(client, model, child)
  }

  /** The first request with our tools, and how many came before it: not every client waits for its servers. */
  async firstWithTools(): Promise<{ readonly pauses: number }> {
    for (let pauses = 0; pauses < 60; pauses++) {
      if (await this.#hearsOf('memory_query')) return { pauses }
      const { tool, args } = this.client.pause
      await this.model.call({ name: tool }, args)
    }
    throw new Error('our tools never reached the model')
  }

  /** Calls a tool of ours. */
  async call(tool: string, args: Readonly<Record<string, unknown>>): Promise<ToolResult> {
    return this.model.call(await this.load(tool), args)
  }

  /** A tool of ours as the client offers it; has it loaded in full where only its name is known. */
  async load(tool: string): Promise<OfferedTool> {
    if (!(await this.#find(tool))) await this.client.reveal?.(this.model, tool)
    const offered = await this.#find(tool)
    if (!offered) throw new Error(`${tool} was not offered to the model`)
    return offered
  }

  /** Ends it, and everything that it started, whatever it is doing. */
  async end(): Promise<void> {
    this.#kill()
    await this.ended
  }

  async #hearsOf(tool: string): Promise<boolean> {
    const isByName = this.client.reveal !== undefined && (await this.model.request()).told.includes(tool)
    return isByName || (await this.#find(tool)) !== undefined
  }

  async #find(tool: string): Promise<OfferedTool | undefined> {
    const { tools } = await this.model.request()
    return tools.find(({ name }) => name === tool || name.endsWith(`_${tool}`) || name.endsWith(`-${tool}`))
  }

  #kill(): void {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null || this.#child.pid === undefined)
      return
    process.kill(-this.#child.pid, 'SIGKILL')
  }
}
