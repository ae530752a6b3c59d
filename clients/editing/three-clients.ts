import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { claudeCode } from '../agents/claude-code.ts'
import { codex } from '../agents/codex.ts'
import { geminiCli } from '../agents/gemini-cli.ts'
import { install, isInstalled } from '../agents/install.ts'
import { Place } from '../place.ts'
import { type Done, Editor } from './editor.ts'

// Three real command-line agents edit two files of one Git repository, each against a scripted model: what got lost?

const AGENTS = [
  { name: 'anna', client: claudeCode },
  { name: 'ben', client: codex },
  { name: 'cleo', client: geminiCli },
] as const
const FILES = ['orders.ts', 'prices.ts']

export interface ClientCounts {
  readonly edits: number
  readonly lost: number
  readonly blocked: number
  /** The agents and what each did. */
  readonly agents: readonly (Done & { readonly client: string })[]
}

/** Installs the clients that are not there yet. */
export async function threeClients(seconds: number, withHooks: boolean): Promise<ClientCounts> {
  for (const { client } of AGENTS) if (!isInstalled(client)) install(client)
  const shared = new Place()
  const editors: Editor[] = []
  try {
    for (const file of FILES) writeFileSync(join(shared.project, file), '// edits\n')
    for (const { name, client } of AGENTS) {
      const { editing } = client
      if (editing) editors.push(await Editor.start({ name, client, editing, shared, withHooks }))
    }
    const until = Date.now() + seconds * 1_000
    const done = await Promise.all(editors.map((editor) => editor.work(FILES, until)))
    return counted(shared, done)
  } finally {
    for (const editor of editors) await editor.end()
    shared.remove()
  }
}

function counted({ project }: Place, done: readonly Done[]): ClientCounts {
  const left = new Set(
    FILES.flatMap((file) => [...readFileSync(join(project, file), 'utf8').matchAll(/\w+ \d+/g)].map(String)),
  )
  const edits = done.flatMap(({ name, written }) =>
    Array.from({ length: written }, (_, at) => `${name} ${at}`),
  )
  return {
    edits: edits.length,
    lost: edits.filter((edit) => !left.has(edit)).length,
    blocked: done.reduce((sum, { blocked }) => sum + blocked, 0),
    agents: done.map((each, at) => ({ ...each, client: AGENTS[at]?.client.title ?? '' })),
  }
}
