import {
  type GetPromptResult,
  type Prompt,
  type PromptArgument,
  ProtocolError,
  ProtocolErrorCode,
} from '@modelcontextprotocol/server'
import { protocolError } from './errors.ts'
import type { McpRequest } from './request.ts'
import type { Calls } from './tools/calls.ts'
import { operation } from './tools/catalogue.ts'

type Arguments = Readonly<Record<string, string>>

const START: Prompt & { arguments: PromptArgument[] } = {
  name: 'session_start',
  title: 'Start of a session',
  description: 'Read what the memory holds for this project, best first.',
  arguments: [
    { name: 'task', description: 'What you are about to do: what fits it comes first', required: false },
  ],
}

const END: Prompt = {
  name: 'session_end',
  title: 'End of a session',
  description: 'Decide what is worth keeping, and store it.',
}

const PROMPTS = [START, END]

/** Claude Code gives each argument one word of what its user typed, and drops the words that are left over. */
const SPLITS_WORDS = /^claude-code/
/** So many words of a task arrive there. */
const MOST_WORDS = 20
const FURTHER_WORDS = Array.from({ length: MOST_WORDS - 1 }, (_, at) => `word_${at + 2}`)

/** The prompts as this client needs them. */
export function promptsFor(clientName: string | undefined): Prompt[] {
  if (!SPLITS_WORDS.test(clientName ?? '')) return PROMPTS
  const further = FURTHER_WORDS.map((name) => ({
    name,
    description: 'The next word of the task',
    required: false,
  }))
  return [{ ...START, arguments: [...START.arguments, ...further] }, END]
}

/** Two prompts for people: what to read before the work, what to keep after it. */
export async function getPrompt(
  calls: Calls,
  { name, arguments: args = {} }: { name: string; arguments?: Arguments | undefined },
  request: McpRequest,
): Promise<GetPromptResult> {
  const prompt = PROMPTS.find((candidate) => candidate.name === name)
  if (!prompt) {
    const names = PROMPTS.map((known) => known.name)
    throw new ProtocolError(ProtocolErrorCode.InvalidParams, `Unknown prompt. There are ${names.join(', ')}.`)
  }
  const text = name === 'session_start' ? await startOfSession(calls, args, request) : END_OF_SESSION
  const messages = [{ role: 'user' as const, content: { type: 'text' as const, text } }]
  return { ...(prompt.description !== undefined && { description: prompt.description }), messages }
}

async function startOfSession(calls: Calls, given: Arguments, request: McpRequest): Promise<string> {
  const task = taskOf(given)
  const args = task && !PLACEHOLDER.test(task) ? { query: task } : {}
  try {
    const { context } = await calls.run(await operation('memory_query', 'context'), args, request)
    return [task && `The task: ${task}`, ...(context ? [BEFORE, context] : [NOTHING_YET]), AFTER]
      .filter(Boolean)
      .join('\n\n')
  } catch (error) {
    throw protocolError(error)
  }
}

/** opencode asks with this for the task, and puts what its user typed into the answer. */
const PLACEHOLDER = /^\$\d+$/

/** In quotes it is the same task. */
function taskOf(given: Arguments): string {
  const words = ['task', ...FURTHER_WORDS].map((name) => given[name]?.trim()).filter(Boolean)
  return words.join(' ').replace(/^(["'])(.*)\1$/s, '$2')
}

const BEFORE = 'This is what the shared memory holds for this project. Read it before you start.'

const NOTHING_YET = 'The shared memory holds nothing for this project yet.'

const AFTER = `Follow its guidelines. A context shows only what fits in a short text: search with memory_query before you decide \
something that may have been decided already. Before you edit a file that other agents may edit too, check it out with \
memory_file_lock, and check it in afterwards.`

const END_OF_SESSION = `This session is about to end. Go through what happened in it and keep what the next agent will need:

1. Decisions and facts that were not known before: memory_knowledge, action add, with the reason and the source.
2. Rules that were agreed on: memory_guideline, action add.
3. Commands that are known to work: memory_tool, action add.

One short entry for each, named so that it can be found. Search with memory_query first: update what is there \
(with its version as base_version) instead of adding it again, and deactivate what is no longer true. Keep no secrets, \
and nothing that the code or its history says by itself.

At last check in the files that you still have checked out (memory_file_lock, actions list and checkin), and end the \
session if you started one (memory_scope, action end).`
