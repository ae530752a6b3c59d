import { lintSource } from '@secretlint/core'
import { rules } from '@secretlint/secretlint-rule-preset-recommend'
import type { Found } from './patterns.ts'

// Loaded for the first text that could hold a secret: the rules are larger than the rest of a small call.

/** It lets a text switch the rules off by a comment, which is right for source files and wrong here. */
const SWITCHES_OFF = '@secretlint/secretlint-rule-filter-comments'
const PREFIX = '@secretlint/secretlint-rule-'
/** For rules whose name is no word; the others are called for the issuer of what they find. */
const KINDS: Readonly<Record<string, string>> = {
  basicauth: 'address with a password',
  privatekey: 'private key',
  'database-connection-string': 'address with a password',
}

const config = {
  rules: rules.filter(({ meta }) => meta.id !== SWITCHES_OFF).map((rule) => ({ id: rule.meta.id, rule })),
}

/** The rules by the last part of their names. */
export const RULE_NAMES = config.rules.map(({ id }) => id.replace(PREFIX, ''))

/** Secrets by the rules of secretlint. */
export async function findByRules(text: string): Promise<Found[]> {
  const source = { content: text, filePath: 'memory.txt', ext: '.txt', contentType: 'text' } as const
  const { messages } = await lintSource({ source, options: { config } })
  return messages.map(({ ruleId, range: [start, end] }) => ({ kind: kindOf(ruleId), start, end }))
}

function kindOf(ruleId: string): string {
  const name = ruleId.replace(PREFIX, '')
  return KINDS[name] ?? `${name} secret`
}
