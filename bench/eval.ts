import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openClient, type TestClient } from './mcp-client.ts'

// Retrieval quality on LoCoMo, through the real server over MCP stdio. The data is not ours to ship:
//   npm run eval -- path/to/locomo-dev.json [--json]

interface Turn {
  readonly id: string
  readonly speaker: string
  readonly text: string
  readonly caption?: string
}

interface Question {
  readonly question: string
  readonly category: number
  readonly evidence: readonly string[]
}

interface Conversation {
  readonly id: string
  readonly sessions: readonly { readonly date_time: string; readonly turns: readonly Turn[] }[]
  readonly questions: readonly Question[]
}

interface Score {
  readonly recall5: number
  readonly recall10: number
  readonly hit10: number
  readonly mrr: number
}

const CATEGORIES: Readonly<Record<number, string>> = {
  1: 'multi-hop',
  2: 'temporal',
  3: 'open',
  4: 'single-hop',
}
const TURNS_AT_ONCE = 500

const args = process.argv.slice(2)
const file =
  args.find((arg) => !arg.startsWith('--')) ?? join(import.meta.dirname, '../../shared/eval/locomo-dev.json')
const { conversations } = JSON.parse(readFileSync(file, 'utf8')) as { conversations: Conversation[] }

const folder = mkdtempSync(join(tmpdir(), 'agent-memory-eval-'))
const client = await openClient({ AGENT_MEMORY_DATA_DIR: folder })
const scores: { category: number; score: Score }[] = []
try {
  for (const [index, conversation] of conversations.entries()) {
    const scopes = await load(client, conversation)
    for (const question of conversation.questions) {
      scores.push({ category: question.category, score: await ask(client, scopes, question) })
    }
    process.stderr.write(`${index + 1} of ${conversations.length} conversations\n`)
  }
} finally {
  await client.close()
  rmSync(folder, { recursive: true, force: true })
}
report()

/** A project a conversation and in it one session, each turn one entry of knowledge. */
async function load(
  to: TestClient,
  conversation: Conversation,
): Promise<{ scope_type: string; scope_id: unknown }> {
  const project = await to.call('memory_scope', {
    action: 'create',
    scope_type: 'project',
    name: conversation.id,
  })
  const start = { action: 'start', project_id: project['id'], name: conversation.id }
  const session = await to.call('memory_scope', start)
  const scope = { scope_type: 'session', scope_id: session['id'] }
  const turns = conversation.sessions.flatMap(({ turns: all }) => all)
  const entries = turns.map(({ id, speaker, text, caption }) => ({
    name: id,
    content: `${speaker}: ${text}${caption ? ` [${caption}]` : ''}`,
  }))
  for (let start = 0; start < entries.length; start += TURNS_AT_ONCE) {
    const part = entries.slice(start, start + TURNS_AT_ONCE)
    await to.call('memory_knowledge', { action: 'bulk_add', ...scope, entries: part })
  }
  return scope
}

async function ask(to: TestClient, scope: object, { question, evidence }: Question): Promise<Score> {
  const answer = await to.call('memory_query', { action: 'search', query: question, ...scope, limit: 10 })
  const names = (answer['results'] as { name: string }[]).map((result) => result.name)
  const wanted = new Set(evidence)
  const recall = (k: number) => names.slice(0, k).filter((name) => wanted.has(name)).length / wanted.size
  const first = names.findIndex((name) => wanted.has(name))
  return {
    recall5: recall(5),
    recall10: recall(10),
    hit10: first >= 0 ? 1 : 0,
    mrr: first >= 0 ? 1 / (first + 1) : 0,
  }
}

function report(): void {
  const groups = new Map<string, Score[]>([['all', scores.map(({ score }) => score)]])
  for (const { category, score } of scores) {
    const name = CATEGORIES[category] ?? String(category)
    groups.set(name, [...(groups.get(name) ?? []), score])
  }
  const rows = [...groups].map(([name, group]) => ({
    category: name,
    questions: group.length,
    ...mean(group),
  }))
  if (args.includes('--json')) process.stdout.write(`${JSON.stringify(rows)}\n`)
  else process.stdout.write(tableOf(rows))
}

function mean(group: readonly Score[]): Score {
  const of = (key: keyof Score) => group.reduce((sum, score) => sum + score[key], 0) / group.length
  return { recall5: of('recall5'), recall10: of('recall10'), hit10: of('hit10'), mrr: of('mrr') }
}

function tableOf(rows: readonly ({ category: string; questions: number } & Score)[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |\n`
  const head =
    line(['category', 'questions', 'recall@5', 'recall@10', 'hit@10', 'MRR']) + line(Array(6).fill('---'))
  const body = rows.map((row) => {
    const figures = [row.recall5, row.recall10, row.hit10, row.mrr].map((value) => value.toFixed(3))
    return line([row.category, String(row.questions), ...figures])
  })
  return head + body.join('')
}
