import { signal } from '@preact/signals'
import { dropDrafts } from './drafts.ts'

const KEPT_AS = 'agent-memory-key'

/** The key that was typed; '' where none was needed. Kept for this tab, and gone with it. */
export const key = signal(sessionStorage.getItem(KEPT_AS) ?? '')
/** Why a key is asked for; undefined while none is. */
export const keyAsked = signal<string | undefined>(undefined)
/** Whether the server answered the last request. */
export const isReached = signal(true)
/** Since when it has not. */
export const lostSince = signal(0)

export function signIn(typed: string): void {
  sessionStorage.setItem(KEPT_AS, typed)
  key.value = typed
  keyAsked.value = undefined
}

export function signOut(): void {
  dropDrafts()
  sessionStorage.removeItem(KEPT_AS)
  key.value = ''
  keyAsked.value = ''
}

export function refuseKey(why: string): void {
  keyAsked.value = key.value === '' ? '' : why
}

export function noteReached(isSo: boolean): void {
  if (isReached.value === isSo) return
  if (!isSo) lostSince.value = Date.now()
  isReached.value = isSo
}
