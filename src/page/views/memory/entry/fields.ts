/** What every entry has: shown in places of its own. */
const SHARED = new Set([
  'id',
  'type',
  'name',
  'content',
  'scope_type',
  'scope_id',
  'scope',
  'tags',
  'priority',
  'version',
  'status',
  'created_at',
  'created_by',
  'updated_at',
  'updated_by',
  'expired',
  'not_yet_valid',
  'overrides',
  'snippet',
  'score',
  'shortened',
])

/** The fields of an entry's own type, as texts; what is empty is left out. */
export function ownFields(entry: Readonly<Record<string, unknown>>): [name: string, text: string][] {
  return Object.entries(entry)
    .filter(([name, value]) => !SHARED.has(name) && !isEmpty(value))
    .map(([name, value]) => [name, fieldText(value)])
}

export function fieldText(value: unknown): string {
  if (value === undefined || value === null) return ''
  if (typeof value === 'string') return value
  if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return value.join(', ')
  return typeof value === 'object' ? JSON.stringify(value, null, 1) : String(value)
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return true
  return typeof value === 'object' && Object.keys(value).length === 0
}

/** A field that is changed in a form. */
export interface FormField {
  readonly name: string
  readonly label: string
  readonly choices?: readonly string[]
  readonly isLong?: boolean
}

/** What people change of each type, beside name, text, tags and priority; an agent can change the rest. */
export const FORM_FIELDS: Readonly<Record<string, readonly FormField[]>> = {
  guideline: [
    { name: 'category', label: 'Category' },
    { name: 'rationale', label: 'Why', isLong: true },
    { name: 'enforce', label: 'On a breach, the hook', choices: ['block', 'warn', 'off'] },
  ],
  knowledge: [
    { name: 'category', label: 'Category', choices: ['decision', 'fact', 'context', 'reference'] },
    { name: 'source', label: 'Source' },
  ],
  tool: [
    { name: 'category', label: 'Category', choices: ['mcp', 'cli', 'function', 'api'] },
    { name: 'command', label: 'Command', isLong: true },
    { name: 'constraints', label: 'When not', isLong: true },
  ],
}

/** What stands in a form, by the names of the fields. */
export type Texts = Readonly<Record<string, string>>

/** A text of a form as the server takes it. */
export function fieldValue(name: string, text: string): unknown {
  if (name === 'priority') return Number(text)
  if (name !== 'tags') return text
  return text
    .split(',')
    .map((tag) => tag.trim())
    .filter((tag) => tag !== '')
}
