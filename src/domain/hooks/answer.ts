import type { AnswerStyle, HookKind } from './clients.ts'
import type { HookDecision, HookEvent } from './event.ts'

/** What the hook's process says and how it ends. */
export interface HookAnswer {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

export const LET_GO_ON: HookAnswer = { code: 0, stdout: '', stderr: '' }

type Json = Record<string, unknown>
type Writer = (event: HookEvent, decision: HookDecision) => HookAnswer

/** Where a client calls a tool of ours as its hook, and takes nothing but a hook's JSON: that, `{}` to let the work go on. */
export function jsonAnswer(event: HookEvent, decision: HookDecision): string {
  const { name, kind } = event
  const { block } = decision
  if (block === undefined || kind !== 'tool-before')
    return JSON.stringify(claudeJson(event, decision, { input: true }))
  const denial = { permissionDecision: 'deny', permissionDecisionReason: block }
  return JSON.stringify({ hookSpecificOutput: { hookEventName: name, ...denial } })
}

/** The decision in the form in which this client understands it: no one form blocks with its text everywhere. */
export function answerFor(event: HookEvent, decision: HookDecision): HookAnswer {
  const answer = STYLES[event.client.style](event, decision)
  return decision.notice && answer.stderr === '' ? { ...answer, stderr: `${decision.notice}\n` } : answer
}

/** When a client shows its model what a hook says beside a decision. */
const SHOWN_AT: Readonly<Record<AnswerStyle, readonly HookKind[]>> = {
  claude: ['tool-before', 'tool-after', 'session-start', 'prompt'],
  codex: ['tool-before', 'session-start', 'prompt'],
  qwen: ['session-start', 'prompt'],
  gemini: ['tool-after', 'session-start', 'prompt'],
  copilot: ['tool-before', 'session-start'],
  cline: ['tool-before'],
  opencode: ['session-start'],
}

export function showsContext({ client, kind }: HookEvent): boolean {
  return SHOWN_AT[client.style].includes(kind)
}

const STYLES: Readonly<Record<AnswerStyle, Writer>> = {
  claude: (event, decision) => exitTwo(decision) ?? json(claudeJson(event, decision, { input: true })),
  // Of a tool it takes nothing but a denial.
  codex: (event, decision) => exitTwo(decision) ?? json(claudeJson(event, decision, {})),
  qwen: (event, decision) => exitTwo(decision) ?? json(claudeJson(event, decision, {})),
  // What stands on stdout would be shown in the place of stderr.
  gemini: (event, decision) => exitTwo(decision) ?? json(geminiJson(event, decision)),
  copilot: (event, decision) => json(copilotJson(event, decision)),
  cline: (_event, decision) => json(clineJson(decision)),
  opencode: (_event, { notice: _said, ...decision }) => json(decision),
}

function exitTwo({ block }: HookDecision): HookAnswer | undefined {
  return block === undefined ? undefined : { code: 2, stdout: '', stderr: `${block}\n` }
}

function json(value: Json): HookAnswer {
  const isEmpty = Object.keys(value).length === 0
  return { code: 0, stdout: isEmpty ? '' : `${JSON.stringify(value)}\n`, stderr: '' }
}

/** `additionalContext` after a turn's end would make the model go on. */
function claudeJson(
  { name, kind }: HookEvent,
  { context, notice, input }: HookDecision,
  { input: takesInput = false },
): Json {
  const told = kind !== 'turn-end' && kind !== 'agent-end' && kind !== 'session-end' && context
  const changed = takesInput && kind === 'tool-before' && input
  const own = { ...(told && { additionalContext: context }), ...(changed && { updatedInput: input }) }
  return {
    ...(Object.keys(own).length > 0 && { hookSpecificOutput: { hookEventName: name, ...own } }),
    ...(notice && { systemMessage: notice }),
  }
}

function geminiJson({ name, kind }: HookEvent, { context, notice, input }: HookDecision): Json {
  const told = (kind === 'session-start' || kind === 'tool-after' || kind === 'prompt') && context
  const own = {
    ...(told && { additionalContext: context }),
    ...(kind === 'tool-before' && input && { tool_input: input }),
  }
  return {
    ...(Object.keys(own).length > 0 && { hookSpecificOutput: { hookEventName: name, ...own } }),
    ...(notice && { systemMessage: notice }),
  }
}

function copilotJson({ kind }: HookEvent, { block, context, input }: HookDecision): Json {
  if (block !== undefined) return { permissionDecision: 'deny', permissionDecisionReason: block }
  const told = (kind === 'session-start' || kind === 'tool-before') && context
  return { ...(told && { additionalContext: context }), ...(input && { modifiedArgs: input }) }
}

/** It has no way to refuse one call: `cancel` ends the task, with the reason shown. */
function clineJson({ block, context }: HookDecision): Json {
  if (block !== undefined) return { cancel: true, errorMessage: block }
  return context ? { contextModification: context } : {}
}
