import { lintSource } from '@secretlint/core'
import { secretLintProfiler } from '@secretlint/profiler'
import { rules } from '@secretlint/secretlint-rule-preset-recommend'
import type { Found } from './find.ts'
import { isPlaceholder } from './placeholder.ts'

// Loaded for the first text that could hold a secret: the rules are larger than the rest of a small call.

// It is on by default, and keeps the marks of every text for as long as the process runs.
secretLintProfiler.setEnabled(false)

const PREFIX = '@secretlint/secretlint-rule-'
/**
 * One lets a text switch the rules off by a comment, which is right for source files and wrong here. The others look at addresses,
 * placeholders in them included, of which ours know more.
 */
const LEFT_OUT = ['filter-comments', 'basicauth', 'database-connection-string']

const config = {
  rules: rules
    .filter(({ meta }) => !LEFT_OUT.includes(nameOf(meta.id)))
    .map((rule) => ({ id: rule.meta.id, rule })),
}

/** The rules by the last part of their names. */
export const RULE_NAMES = config.rules.map(({ id }) => id.replace(PREFIX, ''))

/** Secrets by the rules of secretlint. */
export async function findByRules(text: string): Promise<Found[]> {
  const source = { content: text, filePath: 'memory.txt', ext: '.txt', contentType: 'text' } as const
  const { messages } = await lintSource({ source, options: { config, noPhysicFilePath: true } })
  return messages
    .map(({ ruleId, range: [start, end] }) => ({ kind: kindOf(ruleId), start, end }))
    .filter(({ start, end }) => !isPlaceholder(text.slice(start, end)))
}

/** Called for the issuer of what it finds. */
function kindOf(ruleId: string): string {
  const name = nameOf(ruleId)
  return name === 'privatekey' ? 'private key' : `${name} secret`
}

function nameOf(ruleId: string): string {
  return ruleId.replace(PREFIX, '')
}
