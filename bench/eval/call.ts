import { setTimeout as after } from 'node:timers/promises'

/** Runs an operation of a tool. */
export type Call = (tool: string, args: Readonly<Record<string, unknown>>) => Promise<Record<string, unknown>>

const LOOK_MS = 250

/** Waits for a model, where there is one, to have made the vectors of all that is stored. */
export async function untilEmbedded(call: Call): Promise<void> {
  for (;;) {
    const { state, error, embedded = 0, entries = 0 } = await call('memory_query', { action: 'reindex' })
    if (error !== undefined) throw new Error(String(error))
    if (state !== 'building' && Number(embedded) >= Number(entries)) return
    await after(LOOK_MS)
  }
}
