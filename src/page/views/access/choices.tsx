import type { CountedScope } from '../../client/answers.ts'
import { keyOf } from '../../state/scopes.ts'

export const PERMISSIONS = [
  ['read', 'read'],
  ['write', 'read and write'],
  ['admin', 'administer'],
] as const
export const TYPES = [
  ['', 'all'],
  ['guideline', 'guidelines'],
  ['knowledge', 'knowledge'],
  ['tool', 'tools'],
  ['observation', 'observations'],
] as const

interface ChoiceProps {
  readonly id: string
  readonly label: string
  readonly value: string
  readonly set: (value: string) => void
  readonly values: readonly (readonly [value: string, text: string])[]
}

export function Choice({ id, label, value, set, values }: ChoiceProps) {
  return (
    <p class="field">
      <label for={id}>{label}</label>
      <select id={id} value={value} onChange={(event) => set(event.currentTarget.value)}>
        {values.map(([one, text]) => (
          <option key={one} value={one}>
            {text}
          </option>
        ))}
      </select>
    </p>
  )
}

export function ScopeChoice({
  scopes,
  ...choice
}: Omit<ChoiceProps, 'label' | 'values'> & { readonly scopes: readonly CountedScope[] }) {
  const values = scopes
    .filter(({ scope_type }) => scope_type !== 'session')
    .map((scope): [string, string] => [
      keyOf(scope),
      scope.scope_type === 'global' ? 'everything' : scope.name,
    ])
  return <Choice {...choice} label="In" values={values} />
}

/** The arguments of a permission's scope. */
export function scopeOf(key: string): Readonly<Record<string, string>> {
  return key === 'global' ? { scope_type: 'global' } : { scope_id: key }
}
