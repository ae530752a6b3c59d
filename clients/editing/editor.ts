import { join } from 'node:path'
import type { CliClient, Editing } from '../agents/client.ts'
import { ScriptedModel } from '../model/scripted-model.ts'
import { Place } from '../place.ts'
import { Session } from '../session.ts'

/** What an agent has done: edits that its client said were made, and those that it was refused. */
export interface Done {
  readonly name: string
  readonly written: number
  readonly blocked: number
}

interface EditorParts {
  readonly name: string
  readonly client: CliClient
  readonly editing: Editing
  /** Of the others, with the repository and the memory. */
  readonly shared: Place
  readonly withHooks: boolean
}

const EDITS_A_TASK = 2
/** As long as a quick model takes. */
const THINKING_MS = 1_500

/** One agent that does task after task in a repository of several, each a run of its client. */
export class Editor {
  readonly #parts: EditorParts
  readonly #place: Place
  readonly #model: ScriptedModel
  #written = 0
  #blocked = 0

  private constructor(parts: EditorParts, model: ScriptedModel) {
    this.#parts = parts
    this.#model = model
    this.#place = new Place(parts.shared)
  }

  static async start(parts: EditorParts): Promise<Editor> {
    const editor = new Editor(parts, await ScriptedModel.open(parts.client.dialect))
    editor.#prepare()
    return editor
  }

  /** Works on these files in turn until then. */
  async work(files: readonly string[], until: number): Promise<Done> {
    for (let task = 0; Date.now() < until; task++)
      await this.#task(join(this.#place.project, files[task % files.length] ?? ''), until)
    return { name: this.#parts.name, written: this.#written, blocked: this.#blocked }
  }

  async end(): Promise<void> {
    await this.#model.close()
    this.#place.remove()
  }

  get #seat() {
    return { home: this.#place.home, project: this.#place.project, modelUrl: this.#model.url }
  }

  #prepare(): void {
    const { client, withHooks } = this.#parts
    const memory = `AGENT_MEMORY_DATA_DIR=${this.#place.memory}`
    client.prepare(this.#seat)
    this.#place.run(['setup', client.id, '--allow', '--yes', '--force', '--env', memory])
    if (withHooks) this.#place.run(['hook', 'install', '--client', client.id, '--env', memory])
  }

  async #task(file: string, until: number): Promise<void> {
    const { client, editing } = this.#parts
    const start = editing.start(this.#seat, 'Play your part.')
    const session = Session.start(client, { place: this.#place, model: this.#model, start })
    try {
      let lines = await this.#read(file)
      // Two edits on what was read once.
      for (let edit = 0; edit < EDITS_A_TASK; edit++) {
        for (let isWritten = false; !isWritten && Date.now() < until + PATIENCE_MS; ) {
          await think()
          const next = [...lines, `${this.#parts.name} ${this.#written}`]
          isWritten = await this.#write(file, next)
          lines = isWritten ? next : await this.#read(file)
        }
      }
      await this.#model.say('Done.')
      await session.ended
    } finally {
      await session.end()
    }
  }

  /** The edits that the model sees in the file, however its client shows it. */
  async #read(file: string): Promise<string[]> {
    const { tool, args } = this.#parts.editing.read(file)
    const { text } = await this.#model.call({ name: tool }, args)
    return [...text.matchAll(/\/\/ (\w+ \d+)/g)].map(([, line = '']) => line)
  }

  async #write(file: string, lines: readonly string[]): Promise<boolean> {
    const text = ['// edits', ...lines.map((line) => `// ${line}`), ''].join('\n')
    const { tool, args } = this.#parts.editing.write(file, text)
    const result = await this.#model.call({ name: tool }, args)
    if (result.isError || REFUSED.test(result.text)) this.#blocked++
    else {
      this.#written++
      return true
    }
    return false
  }
}

/** In our hooks' words, and in those of clients that look at the file themselves. */
const REFUSED = /Not written|Not done|modified since|has been read/
/** For a last edit that had to wait. */
const PATIENCE_MS = 40_000

async function think(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, THINKING_MS * (0.5 + Math.random())))
}
