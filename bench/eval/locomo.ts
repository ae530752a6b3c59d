import { type Call, untilEmbedded } from './call.ts'
import { type Asked, judged } from './figures.ts'

// Retrieval on LoCoMo: a conversation is one session, its turns are logged in order. The data is not ours to ship.

interface Conversation {
  readonly id: string
  readonly sessions: readonly {
    readonly date_time: string
    readonly turns: readonly {
      readonly id: string
      readonly speaker: string
      readonly text: string
      readonly caption?: string
    }[]
  }[]
  readonly questions: readonly {
    readonly question: string
    readonly category: number
    readonly evidence: readonly string[]
  }[]
}

export interface LocomoSet {
  readonly conversations: readonly Conversation[]
}

const CATEGORIES: Readonly<Record<number, string>> = {
  1: 'multi-hop',
  2: 'temporal',
  3: 'open',
  4: 'single-hop',
}
const TURNS_AT_ONCE = 500

export async function askLocomo(call: Call, { conversations }: LocomoSet): Promise<Asked[]> {
  const asked = []
  for (const conversation of conversations) {
    const scope = await load(call, conversation)
    await untilEmbedded(call)
    for (const { question, category, evidence } of conversation.questions) {
      const { results } = await call('memory_query', {
        action: 'search',
        query: question,
        ...scope,
        inherit: false,
        limit: 10,
      })
      const found = (results as { name: string }[]).map(({ name }) => name)
      asked.push(judged(CATEGORIES[category] ?? String(category), found, new Set(evidence)))
    }
  }
  return asked
}

async function load(call: Call, conversation: Conversation) {
  const { id: project_id } = await call('memory_scope', {
    action: 'create',
    scope_type: 'project',
    name: conversation.id,
  })
  const { id: session_id } = await call('memory_scope', {
    action: 'start',
    project_id,
    name: conversation.id,
  })
  const turns = conversation.sessions.flatMap(({ date_time, turns: said }) =>
    said.map(({ id, speaker, text, caption }) => ({
      name: id,
      speaker,
      at: instantOf(date_time),
      content: caption ? `${text} [${caption}]` : text,
    })),
  )
  for (let start = 0; start < turns.length; start += TURNS_AT_ONCE) {
    const part = turns.slice(start, start + TURNS_AT_ONCE)
    await call('memory_scope', { action: 'log', session_id, turns: part })
  }
  return { scope_type: 'session', scope_id: session_id }
}

/** "1:56 pm on 8 May, 2023" */
function instantOf(text: string): string | undefined {
  const time = Date.parse(`${text.replace(/^.* on /, '').replace(',', '')} UTC`)
  return Number.isNaN(time) ? undefined : new Date(time).toISOString()
}
