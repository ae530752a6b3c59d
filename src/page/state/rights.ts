import { signal } from '@preact/signals'
import { call } from '../client/rest.ts'

/** Whether this key may read what stands in the global scope, which is asked for where all scopes are meant. */
export const mayReadEverywhere = signal(true)

export async function askRights(): Promise<void> {
  const asked = { permission: 'read', scope_type: 'global' }
  const { allowed, enforced } = await call('GET /v1/permissions/check', asked)
  mayReadEverywhere.value = allowed || !enforced
}
